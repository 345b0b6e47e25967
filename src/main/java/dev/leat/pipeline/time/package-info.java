/**
 * What a pipeline says of when events happen: a field, Kafka's timestamp, or a small set of expressions over these.
 *
 * <p>The set is closed, because event time is known before Postgres sees a batch: lateness, windows, and the lake's folders
 * follow from it in the process. A new form is a case of {@link dev.leat.pipeline.time.TimeExpression}, of its parser, and
 * of {@code schema.types.EventTimes}, which evaluates it.
 *
 * <p>May import: nothing of ours.
 */
package dev.leat.pipeline.time;
