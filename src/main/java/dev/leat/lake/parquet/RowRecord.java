package dev.leat.lake.parquet;

import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.codec.StoredAs;
import dev.leat.schema.types.codec.ValueCodec;
import dev.leat.schema.types.table.TypeTable;
import java.nio.ByteBuffer;
import java.util.function.IntConsumer;
import org.apache.avro.Schema;
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
    private final ValueCodec[] codecs;
    private final StoredAs[] as; // null where the file's column is wider than the vector
    private final ValueCodec[] read; // those of the vectors

    // Moved by the writer's thread between rows.
    private Rows rows;
    private int row;

    RowRecord(FileColumns columns) {
        this.schema = columns.schema();
        this.shape = columns.shape();
        this.vectors = new Vector[shape.size()];
        this.codecs = shape.columns().stream()
                .map(column -> TypeTable.of(column.type()))
                .toArray(ValueCodec[]::new);
        this.as = new StoredAs[shape.size()];
        this.read = new ValueCodec[shape.size()];
    }

    RowRecord at(Rows rows, int row) {
        if (this.rows != rows) {
            this.rows = rows;
            for (int i = 0; i < vectors.length; i++) {
                int source = rows.shape() == shape
                        ? i
                        : rows.shape().indexOf(shape.columns().get(i).name());
                vectors[i] = source < 0 ? null : rows.vector(source);
                if (source >= 0) {
                    read[i] = TypeTable.of(vectors[i].type());
                    as[i] = read[i].type().equals(codecs[i].type()) ? codecs[i].storedAs() : null;
                }
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
        return switch (as[field]) {
            case null -> stored(field, codecs[field].widened(vector.valueAt(row), read[field]));
            case BOOLEAN -> vector.longAt(row) != 0;
            case INT -> (int) vector.longAt(row);
            case LONG -> vector.longAt(row);
            case FLOAT -> (float) vector.doubleAt(row);
            case DOUBLE -> vector.doubleAt(row);
            case UTF8 -> new Utf8(vector.utf8At(row));
            case OBJECT -> vector.objectAt(row);
            case CONVERTED -> stored(field, vector.objectAt(row));
        };
    }

    private Object stored(int field, Object value) {
        return codecs[field].toStored(value, schema.getFields().get(field).schema());
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

    /** One loop for each form, so that the form is checked once and not for each value. */
    private void write(ColumnWriter column, int defined, int field, int[] selected, int count) {
        Vector vector = vectors[field];
        if (vector == null) {
            each(selected, count, row -> column.writeNull(TOP, 0));
            return;
        }
        switch (as[field]) {
            case BOOLEAN ->
                present(column, vector, selected, count, row -> column.write(vector.longAt(row) != 0, TOP, defined));
            case INT ->
                present(column, vector, selected, count, row -> column.write((int) vector.longAt(row), TOP, defined));
            case LONG ->
                present(column, vector, selected, count, row -> column.write(vector.longAt(row), TOP, defined));
            case FLOAT ->
                present(
                        column,
                        vector,
                        selected,
                        count,
                        row -> column.write((float) vector.doubleAt(row), TOP, defined));
            case DOUBLE ->
                present(column, vector, selected, count, row -> column.write(vector.doubleAt(row), TOP, defined));
            case UTF8 ->
                present(
                        column,
                        vector,
                        selected,
                        count,
                        row -> column.write(Binary.fromConstantByteArray(vector.utf8At(row)), TOP, defined));
            case null, default -> {
                for (int i = 0; i < count; i++) {
                    row = selected[i];
                    write(column, defined, value(field, vector));
                }
            }
        }
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

    @Override
    public Schema getSchema() {
        return schema;
    }

    @Override
    public void put(int field, Object value) {
        throw new UnsupportedOperationException("rows don't change");
    }
}
