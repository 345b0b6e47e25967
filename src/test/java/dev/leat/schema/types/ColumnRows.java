package dev.leat.schema.types;

import dev.leat.pipeline.Stream;
import java.util.List;

/** Builds rows of any columns at any offsets, without any decoding. */
public final class ColumnRows {

    private final Rows rows;

    public ColumnRows(Stream stream, Shape shape, int partition) {
        this.rows = new Rows(stream, shape, partition);
    }

    public static Shape shape(Column... columns) {
        return new Shape(List.of(columns));
    }

    public static Column column(String name, ColumnType.Kind kind) {
        return new Column(name, ColumnType.of(kind), false, "");
    }

    /** A value for each column: a Long, a Double, or what the column's kind holds; or null. */
    public ColumnRows add(long offset, long timestamp, Object... values) {
        append(offset, timestamp, false, values);
        return this;
    }

    public ColumnRows delete(long offset, long timestamp, Object... values) {
        append(offset, timestamp, true, values);
        return this;
    }

    private void append(long offset, long timestamp, boolean delete, Object... values) {
        for (int i = 0; i < values.length; i++) {
            Vector vector = rows.writable()[i];
            if (values[i] == null) {
                vector.appendNull();
                continue;
            }
            switch (vector.type().storage()) {
                case LONG -> vector.append(((Number) values[i]).longValue());
                case DOUBLE -> vector.append(((Number) values[i]).doubleValue());
                case OBJECT -> vector.append(values[i]);
            }
        }
        rows.complete(offset, timestamp, delete);
    }

    public Rows build() {
        return rows;
    }
}
