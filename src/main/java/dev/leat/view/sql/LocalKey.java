package dev.leat.view.sql;

import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Vector;

/** What a SELECT groups by, where the process groups a batch. */
sealed interface LocalKey {

    ColumnType type();

    boolean isApplicable(Rows rows);

    /** @throws ArithmeticException when it can't be told here */
    Vector values(Rows rows, int[] events);

    static boolean isThere(Rows rows, Column column) {
        return rows.shape().has(column.name())
                && rows.shape().column(column.name()).type().equals(column.type());
    }

    record Plain(Column column) implements LocalKey {

        @Override
        public ColumnType type() {
            return column.type();
        }

        @Override
        public boolean isApplicable(Rows rows) {
            return isThere(rows, column);
        }

        @Override
        public Vector values(Rows rows, int[] events) {
            return rows.vector(column.name());
        }
    }

    record OfWindow(WindowAlignment.Even alignment) implements LocalKey {

        @Override
        public ColumnType type() {
            return Window.TIMESTAMP;
        }

        @Override
        public boolean isApplicable(Rows rows) {
            return true;
        }

        @Override
        public Vector values(Rows rows, int[] events) {
            long[] starts = new long[rows.size()];
            for (int event : events) {
                starts[event] = alignment.floor(rows.eventTime(event));
            }
            return Vector.of(type(), starts);
        }
    }
}
