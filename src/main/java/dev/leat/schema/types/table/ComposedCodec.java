package dev.leat.schema.types.table;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.codec.ValueCodec;
import java.util.List;

/** The kinds with parts: Postgres parses their text, and queries can't compare them. */
abstract class ComposedCodec extends ValueCodec {

    ComposedCodec(ColumnType type) {
        super(type);
    }

    @Override
    public List<String> postgresNames() {
        return List.of();
    }

    @Override
    public final String parameter() {
        return "text";
    }

    @Override
    public final Object parse(String text) {
        throw new IllegalArgumentException("nested values aren't compared");
    }

    @Override
    public final String expected() {
        return "no comparison but 'is_null'";
    }

    @Override
    public final boolean isOrdered() {
        return false;
    }
}
