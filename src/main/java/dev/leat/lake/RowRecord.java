package dev.leat.lake;

import dev.leat.schema.ColumnType;
import dev.leat.schema.Rows;
import dev.leat.schema.Shape;
import dev.leat.schema.Vector;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * One row as parquet-avro wants to read it: a window that moves over {@link Rows}, so that a row costs no record. Columns
 * that the rows lack are null. Not thread-safe; belongs to one file.
 */
final class RowRecord implements IndexedRecord {

    private final Schema schema;
    private final Shape shape;
    private final Vector[] vectors;

    // Moved by the writer's thread between rows.
    private Rows rows;
    private int row;

    RowRecord(FileColumns columns) {
        this.schema = columns.schema();
        this.shape = columns.shape();
        this.vectors = new Vector[shape.size()];
    }

    RowRecord at(Rows rows, int row) {
        if (this.rows != rows) {
            this.rows = rows;
            for (int i = 0; i < vectors.length; i++) {
                int source = rows.shape() == shape
                        ? i
                        : rows.shape().indexOf(shape.columns().get(i).name());
                vectors[i] = source < 0 ? null : rows.vector(source);
            }
        }
        this.row = row;
        return this;
    }

    @Override
    public Object get(int field) {
        return switch (field - vectors.length) {
            case 0 -> rows.partition();
            case 1 -> rows.offset(row);
            case 2 -> rows.timestamp(row) * 1000;
            case 3 -> rows.isDelete(row);
            default -> value(vectors[field]);
        };
    }

    private Object value(Vector vector) {
        if (vector == null || vector.isNull(row)) {
            return null;
        }
        return switch (vector.type().kind()) {
            case BOOLEAN -> vector.longAt(row) != 0;
            case INT, DATE -> (int) vector.longAt(row);
            case LONG, TIME, TIMESTAMP, LOCAL_TIMESTAMP -> vector.longAt(row);
            case FLOAT -> (float) vector.doubleAt(row);
            case DOUBLE -> vector.doubleAt(row);
            case BYTES -> ByteBuffer.wrap((byte[]) vector.objectAt(row));
            case DECIMAL -> decimal((BigDecimal) vector.objectAt(row), vector.type());
            case STRING, JSON -> vector.objectAt(row);
            case UUID -> vector.objectAt(row).toString();
        };
    }

    /** Fails rather than rounds a value of more decimals than the column's. */
    private static Object decimal(BigDecimal value, ColumnType type) {
        BigDecimal scaled = value.setScale(type.scale());
        return type.isWiderThanParquet()
                ? scaled.toPlainString()
                : ByteBuffer.wrap(scaled.unscaledValue().toByteArray());
    }

    @Override
    public Schema getSchema() {
        return schema;
    }

    @Override
    public void put(int field, Object value) {
        throw new UnsupportedOperationException("rows don't change");
    }
}
