/**
 * An example of a fold: a ride's life cycle, of four types of events on one topic. In the production artifact, because
 * entities and beans are found when it is built; without a view that names the fold it does nothing.
 *
 * <p>May import: view.fold and the generated contracts. Another example is another package beside this one.
 */
package dev.leat.demo.lifecycle;
