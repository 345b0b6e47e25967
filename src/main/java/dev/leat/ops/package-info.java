/**
 * What operators look at and act with: health, streams, dead letters, rebuilds.
 *
 * <p>Guarantee: looking changes nothing, and what is asked of the registry or Kafka never blocks the event loop. JSON
 * fields are snake_case, and one thing has one name in all answers.
 *
 * <p>May import: anything. Nobody imports it.
 *
 * <p>The next admin resource gets a sub-package named for what it is about.
 */
package dev.leat.ops;
