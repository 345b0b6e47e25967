package dev.leat.schema;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;

/** How records of one writer's schema become rows of one shape. Immutable; made once for each pair. */
final class ReadPlan implements RowPlan {

    private final Shape shape;
    private final ReadStep fields;
    private final int[] absent;
    private final Object[] absentValues;

    ReadPlan(Schema writer, Shape shape, Map<String, Object> defaults) {
        this(writer, shape, defaults, Set.of());
    }

    /** @param elsewhere columns of the shape that get their values from somebody else */
    ReadPlan(Schema writer, Shape shape, Map<String, Object> defaults, Set<String> elsewhere) {
        this.shape = shape;
        this.fields = RecordFields.steps(writer, shape);
        Set<String> written = new HashSet<>(elsewhere);
        RecordFields.columns(writer).forEach(c -> written.add(c.name()));
        this.absent = shape.columns().stream()
                .filter(c -> !written.contains(c.name()))
                .mapToInt(c -> shape.indexOf(c.name()))
                .toArray();
        this.absentValues = new Object[absent.length];
        for (int i = 0; i < absent.length; i++) {
            absentValues[i] = defaults.get(shape.columns().get(absent[i]).name());
        }
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public Change read(Cursor in, Rows rows) {
        readRecord(in, rows.writable());
        in.requireEnd();
        return Change.EVENT;
    }

    /** Appends one row's values, whatever comes behind them. */
    void readRecord(Cursor in, Vector[] out) {
        fields.read(in, out);
        for (int i = 0; i < absent.length; i++) {
            appendDefault(out[absent[i]], absentValues[i]);
        }
    }

    private static void appendDefault(Vector vector, Object value) {
        switch (value) {
            case Boolean flag when vector.type().kind() == ColumnType.Kind.BOOLEAN -> vector.append(flag ? 1L : 0L);
            case Number number
            when vector.type().storage() == ColumnType.Storage.LONG -> vector.append(number.longValue());
            case Number number
            when vector.type().storage() == ColumnType.Storage.DOUBLE -> vector.append(number.doubleValue());
            case String text when vector.type().kind() == ColumnType.Kind.STRING -> vector.append((Object) text);
            case null, default -> vector.appendNull();
        }
    }
}
