package dev.leat.lake;

import dev.leat.schema.ColumnType;
import dev.leat.schema.ColumnType.Branch;
import dev.leat.schema.Rows;
import dev.leat.schema.Shape;
import dev.leat.schema.Vector;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.util.Utf8;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * One row as parquet-avro wants to read it: a window that moves over {@link Rows}, so that a row costs no record. Columns
 * that the rows lack are null. Not thread-safe; belongs to one file.
 */
final class RowRecord implements IndexedRecord {

    private final Schema schema;
    private final Shape shape;
    private final Vector[] vectors;
    private final As[] as;
    private final String[] names; // of all fields

    // Moved by the writer's thread between rows.
    private Rows rows;
    private int row;

    RowRecord(FileColumns columns) {
        this.schema = columns.schema();
        this.shape = columns.shape();
        this.vectors = new Vector[shape.size()];
        this.as = new As[shape.size()];
        this.names = schema.getFields().stream().map(Schema.Field::name).toArray(String[]::new);
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

    /** Each value under its name and place; only of {@link FileColumns#areFlat flat} columns. */
    void writeTo(RecordConsumer consumer) {
        for (int field = 0; field < names.length; field++) {
            if (field >= vectors.length || vectors[field] != null && !vectors[field].isNull(row)) {
                consumer.startField(names[field], field);
                write(field, consumer);
                consumer.endField(names[field], field);
            }
        }
    }

    private void write(int field, RecordConsumer consumer) {
        switch (field - vectors.length) {
            case 0 -> consumer.addInteger(rows.partition());
            case 1 -> consumer.addLong(rows.offset(row));
            case 2 -> consumer.addLong(rows.timestampMicros(row));
            case 3 -> consumer.addBoolean(rows.isDelete(row));
            default -> write(field, vectors[field], consumer);
        }
    }

    private void write(int field, Vector vector, RecordConsumer consumer) {
        if (as[field] == As.TEXT) {
            consumer.addBinary(Binary.fromConstantByteArray(vector.utf8At(row)));
        } else if (as[field] == As.PLAIN && vector.type().storage() != ColumnType.Storage.OBJECT) {
            switch (vector.type().kind()) {
                case BOOLEAN -> consumer.addBoolean(vector.longAt(row) != 0);
                case INT, DATE -> consumer.addInteger((int) vector.longAt(row));
                case FLOAT -> consumer.addFloat((float) vector.doubleAt(row));
                case DOUBLE -> consumer.addDouble(vector.doubleAt(row));
                default -> consumer.addLong(vector.longAt(row));
            }
        } else {
            write(value(field, vector), consumer);
        }
    }

    private static void write(Object value, RecordConsumer consumer) {
        switch (value) {
            case Boolean flag -> consumer.addBoolean(flag);
            case Integer number -> consumer.addInteger(number);
            case Long number -> consumer.addLong(number);
            case Float number -> consumer.addFloat(number);
            case Double number -> consumer.addDouble(number);
            case ByteBuffer bytes -> consumer.addBinary(Binary.fromConstantByteBuffer(bytes));
            default -> consumer.addBinary(Binary.fromString(value.toString()));
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
