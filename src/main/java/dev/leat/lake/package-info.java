/**
 * The lake: a stream's events as Parquet files, the manifest that says which files count, and the checkpoint from which a
 * crashed writer gets its events again.
 *
 * <p>Guarantee: each event of a stream is in exactly one row of exactly one file of the manifest. Manifest rows and
 * checkpoint move in one transaction, and only by the owner of the newest epoch; files that aren't in the manifest don't
 * count, and the next owner deletes them.
 *
 * <p>May import: postgres, pipeline, schema, retry. Inside: {@code manifest}, {@code store} and {@code parquet} know none of
 * the others but manifest; {@code write} and {@code read} are above them, {@link dev.leat.lake.Lake} is above all.
 *
 * <p>Another object store goes into {@code store}, another table format beside {@code manifest}.
 */
package dev.leat.lake;
