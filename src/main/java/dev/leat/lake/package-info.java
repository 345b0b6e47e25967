/**
 * The lake: a stream's events as Parquet files, the manifest that says which files count, and the checkpoint from which
 * a crashed writer is fed again.
 *
 * <p>Guarantee: each event of a stream is in exactly one row of exactly one file of the manifest. Manifest rows and
 * checkpoint move in one transaction, and only by the owner of the newest epoch; files that aren't in the manifest don't
 * count, and the next owner deletes them.
 *
 * <p>May import: pipeline, schema.
 */
package dev.leat.lake;
