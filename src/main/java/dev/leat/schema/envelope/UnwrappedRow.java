package dev.leat.schema.envelope;

import dev.leat.schema.decode.Default;
import dev.leat.schema.decode.DeletedRow;
import dev.leat.schema.decode.ReadPlan;
import dev.leat.schema.decode.RecordFields;
import dev.leat.schema.decode.RowPlan;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import java.util.List;
import java.util.Map;

/** A row out of an envelope, whose own columns come after the row's. Belongs to one lane's decoder. */
abstract class UnwrappedRow implements RowPlan {

    final ReadPlan row;
    final DeletedRow deleted;

    /**
     * @param fields of the row in the envelope
     * @param own the envelope's columns
     * @param key names of the stream's key columns; empty when it has none
     */
    UnwrappedRow(
            RecordFields fields,
            Shape shape,
            Map<String, Default> defaults,
            WrapperColumns own,
            List<String> key,
            Rows scratch) {
        this.row = new ReadPlan(fields, shape, defaults, own.names());
        this.deleted = new DeletedRow(row, key, scratch);
    }

    @Override
    public final Shape shape() {
        return row.shape();
    }
}
