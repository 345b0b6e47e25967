package dev.leat.schema.types.table;

import com.fasterxml.jackson.databind.util.RawValue;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Vector;
import org.apache.avro.Schema;

/** The kinds that Postgres keeps as jsonb. JSON goes in and out as text, so that its numbers keep their digits. */
abstract class JsonbCodec extends ComposedCodec {

    JsonbCodec(ColumnType type) {
        super(type);
    }

    @Override
    public final Schema emitted() {
        return Schema.create(Schema.Type.STRING);
    }

    @Override
    public final String emittedDoc() {
        return "JSON as text.";
    }

    @Override
    public final boolean fits(Schema field, ColumnType held) {
        return isText(field, held);
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new String[rows.length], vector, rows, r -> json(vector.objectAt(r)));
    }

    @Override
    public final boolean isSelectedAsText() {
        return true;
    }

    @Override
    public final Object answer(Object selected) {
        return new RawValue((String) selected);
    }

    @Override
    public final String scalarDoc() {
        return "JSON of any form.";
    }
}
