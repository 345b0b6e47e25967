package dev.leat.lake.parquet;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Branch;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.Vector;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.util.Utf8;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;

/**
 * One row in the form that parquet-avro reads. It moves over {@link Rows}, so that no object is allocated for each row.
 * Columns that the rows lack are null. Not thread-safe; belongs to one file.
 */
public final class RowRecord implements IndexedRecord {

    /** The repetition level of all values that aren't nested. */
    private static final int TOP = 0;

    private final Schema schema;
    private final Shape shape;
    private final Vector[] vectors;
    private final As[] as;

    // Moved by the writer's thread between rows.
    private Rows rows;
    private int row;

    RowRecord(FileColumns columns) {
        this.schema = columns.schema();
        this.shape = columns.shape();
        this.vectors = new Vector[shape.size()];
        this.as = new As[shape.size()];
    }

    /** How a vector's values become the file's. */
    private enum As {
        /** As they are. */
        PLAIN,
        /** Without a string of a text: Parquet wants its UTF-8. */
        TEXT,
        /** Parquet has another form for them. */
        MADE,
        /** The file's column is wider. */
        WIDENED
    }

    private static As as(ColumnType vector, ColumnType column) {
        if (!vector.equals(column)) {
            return As.WIDENED;
        }
        return switch (column.kind()) {
            case STRING -> As.TEXT;
            case BYTES, DECIMAL, UUID, ARRAY, MAP, UNION -> As.MADE;
            default -> As.PLAIN;
        };
    }

    RowRecord at(Rows rows, int row) {
        if (this.rows != rows) {
            this.rows = rows;
            for (int i = 0; i < vectors.length; i++) {
                int source = rows.shape() == shape
                        ? i
                        : rows.shape().indexOf(shape.columns().get(i).name());
                vectors[i] = source < 0 ? null : rows.vector(source);
                as[i] = source < 0
                        ? As.PLAIN
                        : as(vectors[i].type(), shape.columns().get(i).type());
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
            case 2 -> rows.timestampMicros(row);
            case 3 -> rows.isDelete(row);
            default -> value(field, vectors[field]);
        };
    }

    private Object value(int field, Vector vector) {
        if (vector == null || vector.isNull(row)) {
            return null;
        }
        ColumnType type = vector.type();
        return switch (as[field]) {
            case WIDENED ->
                parquet(field, vector.valueAt(row, shape.columns().get(field).type()));
            case TEXT -> new Utf8(vector.utf8At(row));
            case MADE -> parquet(field, vector.objectAt(row));
            case PLAIN ->
                switch (type.kind()) {
                    case BOOLEAN -> vector.longAt(row) != 0;
                    case INT, DATE -> (int) vector.longAt(row);
                    case FLOAT -> (float) vector.doubleAt(row);
                    default ->
                        switch (type.storage()) {
                            case LONG -> vector.longAt(row);
                            case DOUBLE -> vector.doubleAt(row);
                            case OBJECT -> vector.objectAt(row);
                        };
                };
        };
    }

    /**
     * The values of one flat column, of some of the rows that it was {@link #at moved} to last.
     *
     * @param defined the definition level of a value that is there; one that isn't has 0
     * @param selected indexes of the rows; as many as counted
     */
    void writeTo(ColumnWriter column, int defined, int field, int[] selected, int count) {
        switch (field - vectors.length) {
            case 0 -> each(selected, count, row -> column.write(rows.partition(), TOP, defined));
            case 1 -> each(selected, count, row -> column.write(rows.offset(row), TOP, defined));
            case 2 -> each(selected, count, row -> column.write(rows.timestampMicros(row), TOP, defined));
            case 3 -> each(selected, count, row -> column.write(rows.isDelete(row), TOP, defined));
            default -> write(column, defined, field, selected, count);
        }
    }

    private void write(ColumnWriter column, int defined, int field, int[] selected, int count) {
        Vector vector = vectors[field];
        if (vector == null) {
            each(selected, count, row -> column.writeNull(TOP, 0));
        } else if (as[field] == As.TEXT) {
            texts(column, defined, vector, selected, count);
        } else if (as[field] == As.PLAIN && vector.type().storage() != ColumnType.Storage.OBJECT) {
            numbers(column, defined, vector, selected, count);
        } else {
            for (int i = 0; i < count; i++) {
                row = selected[i];
                write(column, defined, value(field, vector));
            }
        }
    }

    /** One loop for each kind, so that the kind is checked once and not for each value. */
    private static void numbers(ColumnWriter column, int defined, Vector vector, int[] selected, int count) {
        switch (vector.type().kind()) {
            case BOOLEAN ->
                present(column, vector, selected, count, row -> column.write(vector.longAt(row) != 0, TOP, defined));
            case INT, DATE ->
                present(column, vector, selected, count, row -> column.write((int) vector.longAt(row), TOP, defined));
            case FLOAT ->
                present(
                        column,
                        vector,
                        selected,
                        count,
                        row -> column.write((float) vector.doubleAt(row), TOP, defined));
            case DOUBLE ->
                present(column, vector, selected, count, row -> column.write(vector.doubleAt(row), TOP, defined));
            default -> present(column, vector, selected, count, row -> column.write(vector.longAt(row), TOP, defined));
        }
    }

    private static void texts(ColumnWriter column, int defined, Vector vector, int[] selected, int count) {
        present(
                column,
                vector,
                selected,
                count,
                row -> column.write(Binary.fromConstantByteArray(vector.utf8At(row)), TOP, defined));
    }

    private static void present(ColumnWriter column, Vector vector, int[] selected, int count, IntConsumer write) {
        for (int i = 0; i < count; i++) {
            if (vector.isNull(selected[i])) {
                column.writeNull(TOP, 0);
            } else {
                write.accept(selected[i]);
            }
        }
    }

    private static void each(int[] selected, int count, IntConsumer write) {
        for (int i = 0; i < count; i++) {
            write.accept(selected[i]);
        }
    }

    private static void write(ColumnWriter column, int defined, Object value) {
        switch (value) {
            case null -> column.writeNull(TOP, 0);
            case Boolean flag -> column.write(flag, TOP, defined);
            case Integer number -> column.write(number, TOP, defined);
            case Long number -> column.write(number, TOP, defined);
            case Float number -> column.write(number, TOP, defined);
            case Double number -> column.write(number, TOP, defined);
            case ByteBuffer bytes -> column.write(Binary.fromConstantByteBuffer(bytes), TOP, defined);
            default -> column.write(Binary.fromString(value.toString()), TOP, defined);
        }
    }

    private Object parquet(int field, Object value) {
        return parquet(
                value,
                shape.columns().get(field).type(),
                schema.getFields().get(field).schema());
    }

    /** @param schema of the value, nullable */
    private static Object parquet(Object value, ColumnType type, Schema schema) {
        if (value == null) {
            return null;
        }
        return switch (type.kind()) {
            case INT, DATE -> ((Long) value).intValue();
            case FLOAT -> ((Double) value).floatValue();
            case BYTES -> ByteBuffer.wrap((byte[]) value);
            case DECIMAL -> decimal((BigDecimal) value, type);
            case UUID -> value.toString();
            case ARRAY -> {
                List<Object> elements = new ArrayList<>();
                for (Object element : (List<?>) value) {
                    elements.add(parquet(element, type.element(), null));
                }
                yield elements;
            }
            case MAP -> {
                Map<Object, Object> values = new LinkedHashMap<>();
                ((Map<?, ?>) value).forEach((k, v) -> values.put(k, parquet(v, type.element(), null)));
                yield values;
            }
            case UNION -> branch((Branch) value, type, schema.getTypes().get(1));
            default -> value;
        };
    }

    /** A struct of which only the branch's member has a value. */
    private static Object branch(Branch branch, ColumnType type, Schema struct) {
        GenericData.Record members = new GenericData.Record(struct);
        for (int i = 0; i < type.members().size(); i++) {
            if (type.members().get(i).name().equals(branch.name())) {
                members.put(i, parquet(branch.value(), type.members().get(i).type(), null));
            }
        }
        return members;
    }

    /** Fails rather than rounds a value of more decimals than the column's. */
    private static Object decimal(BigDecimal value, ColumnType type) {
        if (!type.hasDigits()) {
            return value.toString();
        }
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
