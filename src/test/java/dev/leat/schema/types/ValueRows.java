package dev.leat.schema.types;

import dev.leat.pipeline.Stream;
import java.util.ArrayList;
import java.util.List;

/** Rows of any columns, without any decoding. */
public final class ValueRows {

    private final Rows rows;

    public ValueRows(Stream stream, Shape shape, int partition) {
        this.rows = new Rows(stream, shape, partition);
    }

    /** {@code "id:STRING! amount:DOUBLE at:TIMESTAMP"}: a name, a kind and, where every event has a value, a mark. */
    public static Shape shape(String columns) {
        List<Column> shape = new ArrayList<>();
        for (String column : columns.split("\\s+")) {
            String[] parts = column.split("[:!]");
            shape.add(new Column(parts[0], ColumnType.of(ColumnType.Kind.valueOf(parts[1])), column.endsWith("!"), ""));
        }
        return new Shape(shape);
    }

    /**
     * @param timestamp Kafka's, in milliseconds
     * @param values as {@link Vector#valueAt} gives them
     */
    public ValueRows add(long offset, long timestamp, Object... values) {
        for (int i = 0; i < values.length; i++) {
            rows.writable()[i].appendValue(values[i]);
        }
        rows.complete(offset, timestamp, false);
        return this;
    }

    /** @param values those of the key's columns; null for the others */
    public ValueRows delete(long offset, long timestamp, Object... values) {
        for (int i = 0; i < values.length; i++) {
            rows.writable()[i].appendValue(values[i]);
        }
        rows.complete(offset, timestamp, true);
        return this;
    }

    public Rows build() {
        return rows;
    }
}
