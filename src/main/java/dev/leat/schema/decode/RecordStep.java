package dev.leat.schema.decode;

import dev.leat.schema.names.Leaf;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.PlainRead;
import java.util.List;
import java.util.stream.Stream;

/**
 * The fields of a record, one after the other. Those with plain values, optional or not, are read in this one loop: with
 * a call to a step of its own for each, most of the time would go into finding out which step it is.
 */
final class RecordStep implements ReadStep {

    private static final int ALWAYS_PRESENT = -1;

    private final ReadStep[] steps;
    private final PlainRead[] plain; // null where the step itself has to read
    private final int[] columns;
    private final int[] nullBranches;

    RecordStep(List<ReadStep> steps) {
        // A record in the record has no bytes of its own: its fields are as good as this one's.
        this.steps = steps.stream()
                .flatMap(step -> step instanceof RecordStep inner ? Stream.of(inner.steps) : Stream.of(step))
                .toArray(ReadStep[]::new);
        this.plain = new PlainRead[this.steps.length];
        this.columns = new int[this.steps.length];
        this.nullBranches = new int[this.steps.length];
        for (int i = 0; i < this.steps.length; i++) {
            ReadStep present = this.steps[i];
            nullBranches[i] = ALWAYS_PRESENT;
            if (present instanceof Nullable nullable) {
                nullBranches[i] = nullable.nullBranch();
                present = nullable.present();
            }
            if (present instanceof Leaf leaf) {
                plain[i] = leaf.plain();
                columns[i] = leaf.column();
            }
        }
    }

    @Override
    public void read(AvroCursor in, Vector[] out) {
        for (int i = 0; i < steps.length; i++) {
            PlainRead value = plain[i];
            if (value == null) {
                steps[i].read(in, out);
            } else if (nullBranches[i] == ALWAYS_PRESENT || Nullable.isPresent(in, nullBranches[i])) {
                value.read(in, out[columns[i]]);
            } else {
                out[columns[i]].appendNull();
            }
        }
    }

    /** Reads the records of a block, field by field: which step it is, is found out once for all of them. */
    void read(RecordBlock block, AvroCursor in, Vector[] out) {
        block.begin(in, steps.length);
        for (int i = 0; i < steps.length; i++) {
            PlainRead value = plain[i];
            if (value == null) {
                block.read(steps[i], in, out);
            } else if (isDouble(i)) {
                int to = i + 1;
                while (to < steps.length && isDouble(to)) {
                    to++;
                }
                block.readDoubles(out, columns, i, to);
                i = to - 1;
            } else if (nullBranches[i] == ALWAYS_PRESENT) {
                block.read(value, in, out[columns[i]]);
            } else {
                block.readOptional(value, nullBranches[i], in, out[columns[i]]);
            }
        }
        block.requireEnds();
    }

    private boolean isDouble(int step) {
        return plain[step] == PlainRead.DOUBLE && nullBranches[step] == ALWAYS_PRESENT;
    }

    @Override
    public void skipRow(Vector[] out) {
        for (ReadStep step : steps) {
            step.skipRow(out);
        }
    }
}
