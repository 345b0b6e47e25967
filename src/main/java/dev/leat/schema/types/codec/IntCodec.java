package dev.leat.schema.types.codec;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.ColumnType.Storage;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.PlainRead;
import java.util.List;
import org.apache.avro.Schema;

/** Integers of 32 bits; a {@link Long} in a vector. */
public final class IntCodec extends LongCodec {

    public IntCodec() {
        super(Kind.INT, Schema.Type.INT, "an integer of 32 bits");
    }

    @Override
    public PlainRead plainRead(Schema written, ColumnType into) {
        return into.storage() == Storage.DOUBLE ? PlainRead.INT_TO_DOUBLE : PlainRead.INT;
    }

    @Override
    public List<String> postgresNames() {
        return List.of("smallint", "integer");
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new Integer[rows.length], vector, rows, r -> (int) vector.longAt(r));
    }

    @Override
    public Object parse(String text) {
        return Integer.valueOf(text);
    }

    /** None: the scalar is GraphQL's own. */
    @Override
    public String scalarDoc() {
        return "";
    }
}
