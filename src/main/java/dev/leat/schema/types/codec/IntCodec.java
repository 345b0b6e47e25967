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
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** Integers of 32 bits; a {@link Long} in a vector. */
public final class IntCodec extends ValueCodec {

    public IntCodec() {
        super(ColumnType.of(Kind.INT));
    }

    @Override
    public PlainRead plainRead(Schema written, ColumnType into) {
        return into.storage() == Storage.DOUBLE ? PlainRead.INT_TO_DOUBLE : PlainRead.INT;
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return (long) in.readInt();
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        out.writeInt(Math.toIntExact((Long) value));
    }

    @Override
    public Schema emitted() {
        return Schema.create(Schema.Type.INT);
    }

    @Override
    public boolean fits(Schema field, ColumnType held) {
        return super.fits(field, held) || LongCodec.isForIntegers(field, held);
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
    public boolean isNumber() {
        return true;
    }

    @Override
    public StoredAs storedAs() {
        return StoredAs.INT;
    }

    @Override
    public Object toStored(Object value, Schema schema) {
        return ((Long) value).intValue();
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
        return Integer.valueOf(text);
    }

    @Override
    public String expected() {
        return "an integer of 32 bits";
    }
}
