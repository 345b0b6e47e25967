package dev.leat.schema.types.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.ColumnType.Storage;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.PlainRead;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** Integers of 64 bits. */
public final class LongCodec extends ValueCodec {

    public LongCodec() {
        super(ColumnType.of(Kind.LONG));
    }

    @Override
    public PlainRead plainRead(Schema written, ColumnType into) {
        return into.storage() == Storage.DOUBLE ? PlainRead.LONG_TO_DOUBLE : PlainRead.LONG;
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return in.readLong();
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        out.writeLong((Long) value);
    }

    @Override
    public Schema emitted() {
        return Schema.create(Schema.Type.LONG);
    }

    @Override
    public boolean fits(Schema field, ColumnType held) {
        return super.fits(field, held) || isForIntegers(field, held);
    }

    /** Whether a field takes integers of any width; a decimal is held against its digits value by value. */
    static boolean isForIntegers(Schema field, ColumnType held) {
        return switch (field.getType()) {
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
    public boolean isNumber() {
        return true;
    }

    @Override
    public StoredAs storedAs() {
        return StoredAs.LONG;
    }

    @Override
    public Object ofStored(Object value, Schema schema) {
        return ((Number) value).longValue();
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeNumber((Long) value);
    }

    @Override
    public Object ofJson(JsonNode json) {
        return json.longValue();
    }

    @Override
    public Object answer(Object selected) {
        return selected;
    }

    @Override
    public Object parse(String text) {
        return Long.valueOf(text);
    }

    @Override
    public String expected() {
        return "an integer of 64 bits";
    }

    @Override
    public String scalarDoc() {
        return "An integer of 64 bits.";
    }
}
