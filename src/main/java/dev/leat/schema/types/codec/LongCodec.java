package dev.leat.schema.types.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.ColumnType.Storage;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.PlainRead;
import java.io.IOException;
import org.apache.avro.Schema;

/** Integers of 64 bits; {@link IntCodec} says what those of 32 do otherwise. */
public class LongCodec extends WholeNumberCodec {

    public LongCodec() {
        this(Kind.LONG, Schema.Type.LONG, "an integer of 64 bits");
    }

    LongCodec(Kind kind, Schema.Type avro, String expected) {
        super(kind, Schema.create(avro), expected);
    }

    @Override
    public PlainRead plainRead(Schema written, ColumnType into) {
        return into.storage() == Storage.DOUBLE ? PlainRead.LONG_TO_DOUBLE : super.plainRead(written, into);
    }

    /** Also into wider integers and doubles; a decimal is held against its digits value by value. */
    @Override
    public final boolean fits(Schema field, ColumnType held) {
        return super.fits(field, held)
                || switch (field.getType()) {
                    case LONG -> held.kind() == Kind.LONG;
                    case DOUBLE -> true;
                    case BYTES, FIXED -> held.kind() == Kind.DECIMAL;
                    default -> false;
                };
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new Long[rows.length], vector, rows, vector::longAt);
    }

    @Override
    public final boolean isNumber() {
        return true;
    }

    @Override
    public final void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeNumber((Long) value);
    }

    @Override
    public final Object ofJson(JsonNode json) {
        return json.longValue();
    }

    @Override
    public final Object answer(Object selected) {
        return selected;
    }

    @Override
    public Object parse(String text) {
        return Long.valueOf(text);
    }

    @Override
    public String scalarDoc() {
        return "An integer of 64 bits.";
    }
}
