/**
 * The kinds of value that are times: dates, times of day, instants, times without a zone, durations.
 *
 * <p>Guarantee: a time that Postgres can't hold is refused with a {@link java.time.DateTimeException}, because the client
 * would encode some of them as other times.
 *
 * <p>Imports {@code types}, {@code types.avro} and {@code types.codec}. A further kind of time is a class here.
 */
package dev.leat.schema.types.codec.time;
