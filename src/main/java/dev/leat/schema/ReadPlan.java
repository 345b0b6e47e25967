package dev.leat.schema;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;

/** How records of one writer's schema become rows of one shape. Immutable; made once for each pair. */
final class ReadPlan {

    private final Shape shape;
    private final ReadStep fields;
    private final int[] absent;
    private final Object[] absentValues;

    ReadPlan(Schema writer, Shape shape, Map<String, Object> defaults) {
        this.shape = shape;
        this.fields = RecordFields.steps(writer, shape);
        Set<String> written = new HashSet<>();
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

    Shape shape() {
        return shape;
    }

    /** Appends one row's values. On {@link Cursor.Malformed} some vectors have one and some haven't. */
    void read(Cursor in, Vector[] out) {
        fields.read(in, out);
        if (in.remaining() > 0) {
            throw new Cursor.Malformed(in.remaining() + " bytes are left over behind the record");
        }
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
