package dev.leat.schema.types;

import dev.leat.pipeline.Stream;

/** Builds rows from values that were decoded before: what the lake gives back. Not thread-safe. */
public final class RowsBuilder {

    private final Rows rows;

    public RowsBuilder(Stream stream, Shape shape, int partition) {
        this.rows = new Rows(stream, shape, partition);
    }

    /**
     * Adds a row after the last one.
     *
     * @param timestamp Kafka's, in milliseconds since the epoch
     * @param values one for each column of the shape, as {@link Vector#valueAt} gives it; null: none
     */
    public void add(long offset, long timestamp, boolean delete, Object[] values) {
        Vector[] vectors = rows.writable();
        for (int i = 0; i < vectors.length; i++) {
            vectors[i].appendValue(values[i]);
        }
        rows.complete(offset, timestamp, delete);
    }

    public int size() {
        return rows.size();
    }

    /** The rows. Nothing may be added after this call. */
    public Rows build() {
        return rows;
    }
}
