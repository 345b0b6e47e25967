/**
 * What operators look at: health, metrics, the state of streams, dead letters.
 *
 * <p>May import: anything. Nobody imports it.
 */
package dev.leat.ops;
