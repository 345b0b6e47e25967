/**
 * What fails now over REST, in all instances, and how to resume what rests.
 *
 * <p>Guarantee: the API and health answer from memory. What other instances tell is a few seconds old; while Postgres is
 * away, only this instance's own failures are known.
 *
 * <p>May import: http, ingest.lane, pipeline, postgres, failure. The next thing that instances tell each other is a column of
 * {@code leat.instance}.
 */
package dev.leat.ops.failure;
