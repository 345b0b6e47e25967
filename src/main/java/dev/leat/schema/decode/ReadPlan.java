package dev.leat.schema.decode;

import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.table.TypeTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        Set<String> written = new HashSet<>(elsewhere);
        writer.columns().forEach(c -> written.add(c.name()));
        List<Default.Group> groups = writer.groups();
        Map<String, List<ReadStep>> inRecords = new HashMap<>();
        List<ReadStep.Constant> inAll = new ArrayList<>();
        for (Column column : shape.columns()) {
            if (!written.contains(column.name())) {
                Optional<Default.Placed> placed =
                        Optional.ofNullable(defaults.get(column.name())).flatMap(value -> value.placed(groups));
                String group = placed.map(Default.Placed::group).orElse("");
                Object value = placed.map(p -> valueOf(column, p.value())).orElse(null);
                ReadStep.Constant constant = new ReadStep.Constant(shape.indexOf(column.name()), value);
                if (group.isEmpty()) {
                    inAll.add(constant);
                } else {
                    inRecords.computeIfAbsent(group, g -> new ArrayList<>()).add(constant);
                }
            }
        }
        this.fields = writer.steps(shape, inRecords, defaults);
        this.absent = inAll.stream().mapToInt(ReadStep.Constant::column).toArray();
        this.absentValues = inAll.stream().map(ReadStep.Constant::value).toArray();
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
    private static Object valueOf(Column column, Default value) {
        return column.type().holds(value.type()) ? TypeTable.widened(value.value(), value.type(), column.type()) : null;
    }
}
