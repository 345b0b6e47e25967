package dev.leat.schema.decode;

import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.table.TypeTable;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** How records of one writer's schema become rows of one shape. Immutable; made once for each pair. */
public final class ReadPlan implements RowPlan {

    private final Shape shape;
    private final RecordStep fields;
    private final int[] absent;
    private final Object[] absentValues;

    public ReadPlan(RecordFields writer, Shape shape, Map<String, Default> defaults) {
        this(writer, shape, defaults, Set.of());
    }

    /** @param elsewhere columns of the shape that get their values from somebody else */
    public ReadPlan(RecordFields writer, Shape shape, Map<String, Default> defaults, Set<String> elsewhere) {
        this.shape = shape;
        this.fields = writer.steps(shape);
        Set<String> written = new HashSet<>(elsewhere);
        writer.columns().forEach(c -> written.add(c.name()));
        this.absent = shape.columns().stream()
                .filter(c -> !written.contains(c.name()))
                .mapToInt(c -> shape.indexOf(c.name()))
                .toArray();
        this.absentValues = new Object[absent.length];
        for (int i = 0; i < absent.length; i++) {
            absentValues[i] = defaultOf(shape.columns().get(absent[i]), defaults);
        }
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public Change read(AvroCursor in, Rows rows) {
        readRecord(in, rows.writable());
        in.requireEnd();
        return Change.EVENT;
    }

    /** Appends the values of a row for each record of a block. */
    public void read(RecordBlock block, AvroCursor in, Rows rows) {
        Vector[] out = rows.writable();
        fields.read(block, in, out);
        for (int i = 0; i < absent.length; i++) {
            for (int row = 0; row < block.size(); row++) {
                out[absent[i]].appendValue(absentValues[i]);
            }
        }
    }

    /** Appends one row's values. Bytes may follow them. */
    public void readRecord(AvroCursor in, Vector[] out) {
        fields.read(in, out);
        for (int i = 0; i < absent.length; i++) {
            out[absent[i]].appendValue(absentValues[i]);
        }
    }

    /** A default of a version whose type the column was widened from is the same value in the wider one. */
    private static Object defaultOf(Column column, Map<String, Default> defaults) {
        Default value = defaults.get(column.name());
        return value == null || !column.type().holds(value.type())
                ? null
                : TypeTable.widened(value.value(), value.type(), column.type());
    }
}
