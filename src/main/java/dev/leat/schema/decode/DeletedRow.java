package dev.leat.schema.decode;

import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.avro.AvroCursor;
import java.util.List;

/** Turns the row before a delete into the delete of its key. Belongs to one lane's decoder. */
public final class DeletedRow {

    private static final int[] FIRST_ROW = {0};

    private final ReadPlan row;
    private final List<String> key;
    private final Rows scratch;

    /**
     * @param key names of the stream's key columns; empty when it has none
     * @param scratch rows of the plan's shape
     */
    public DeletedRow(ReadPlan row, List<String> key, Rows scratch) {
        this.row = row;
        this.key = key;
        this.scratch = scratch;
    }

    /** Appends the key's columns of the row that begins here; false, and nothing, where it hasn't got them. */
    public boolean append(AvroCursor in, Rows rows) {
        scratch.abandon();
        row.readRecord(in, scratch.writable());
        if (key.isEmpty()
                || key.stream().anyMatch(column -> scratch.vector(column).isNull(0))) {
            return false;
        }
        for (Column column : row.shape().columns()) {
            if (key.contains(column.name())) {
                rows.vector(column.name()).appendAll(scratch.vector(column.name()), FIRST_ROW);
            } else {
                rows.vector(column.name()).appendNull();
            }
        }
        return true;
    }
}
