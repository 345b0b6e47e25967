/**
 * Reads files back as rows, for rebuilds.
 *
 * <p>Guarantee: only files that count are read; their rows come in the order of offsets, in the columns of today.
 *
 * <p>May import: lake.parquet, lake.store, lake.manifest, schema.types, pipeline.
 *
 * <p>How a stored value is read back is said by its codec, in {@code schema.types}.
 */
package dev.leat.lake.read;
