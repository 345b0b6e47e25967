package dev.leat.schema.types.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.PlainRead;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** True and false. */
public final class BooleanCodec extends UniformCodec {

    public BooleanCodec() {
        super(Kind.BOOLEAN, Schema.create(Schema.Type.BOOLEAN), StoredAs.BOOLEAN, "true or false");
    }

    @Override
    public PlainRead plainRead(Schema written, ColumnType into) {
        return PlainRead.BOOLEAN;
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return in.readBoolean();
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        out.writeBoolean((Boolean) value);
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new Boolean[rows.length], vector, rows, r -> vector.longAt(r) != 0);
    }

    @Override
    public Object ofStored(Object value, Schema schema) {
        return value;
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeBoolean((Boolean) value);
    }

    @Override
    public Object ofJson(JsonNode json) {
        return json.booleanValue();
    }

    @Override
    public Object answer(Object selected) {
        return selected;
    }

    @Override
    public Object parse(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    @Override
    public boolean isOrdered() {
        return false;
    }
}
