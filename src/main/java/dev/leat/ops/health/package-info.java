/**
 * Readiness checks, one class each.
 *
 * <p>Guarantee: a check answers from memory, so that a probe never waits for Kafka, Postgres or the registry.
 *
 * <p>May import: anything. The next check goes here.
 */
package dev.leat.ops.health;
