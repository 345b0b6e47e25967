/**
 * Writes a lane's rows: ranges of open files, when they are closed, and how they come to count.
 *
 * <p>Guarantee: each row is in one file that counts, exactly once, through crashes and changes of owner.
 *
 * <p>May import: lake.parquet, lake.store, lake.manifest, schema.types, pipeline.
 *
 * <p>Another reason to close a range goes into {@code RollPolicy}.
 */
package dev.leat.lake.write;
