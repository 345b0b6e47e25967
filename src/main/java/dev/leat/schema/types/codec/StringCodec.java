package dev.leat.schema.types.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.PlainRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** Texts, and the symbols of enums. */
public final class StringCodec extends UniformCodec {

    public StringCodec() {
        super(Kind.STRING, Schema.create(Schema.Type.STRING), StoredAs.UTF8, "a text without the character U+0000");
    }

    @Override
    public PlainRead plainRead(Schema written, ColumnType into) {
        return into.kind() == Kind.STRING && written.getType() == Schema.Type.STRING ? PlainRead.STRING : null;
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return schema.getType() == Schema.Type.ENUM ? in.readSymbol(schema) : in.readString();
    }

    @Override
    protected Object widen(Object value, ValueCodec from) {
        return value instanceof byte[] bytes
                ? utf8(bytes).orElseThrow(() -> new AvroCursor.Malformed("bytes for a column of text aren't UTF-8"))
                : value;
    }

    /** The text of bytes that are UTF-8; empty for others. */
    public static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        if (schema.getType() == Schema.Type.ENUM) {
            out.writeEnum(symbol((String) value, schema));
        } else {
            out.writeString((String) value);
        }
    }

    private static int symbol(String symbol, Schema schema) {
        if (schema.hasEnumSymbol(symbol)) {
            return schema.getEnumOrdinal(symbol);
        }
        if (schema.getEnumDefault() != null) {
            return schema.getEnumOrdinal(schema.getEnumDefault());
        }
        throw new AvroCursor.Malformed(
                "the class's enum " + schema.getFullName() + " has no symbol " + symbol + ", and no default");
    }

    @Override
    public boolean fits(Schema field, ColumnType held) {
        return super.fits(field, held) || isText(field, held) || field.getType() == Schema.Type.ENUM;
    }

    @Override
    public List<String> postgresNames() {
        return List.of("text", "character varying", "character", "name", "\"char\"");
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new String[rows.length], vector, rows, r -> (String) vector.objectAt(r));
    }

    @Override
    public Object ofStored(Object value, Schema schema) {
        return value instanceof ByteBuffer bytes
                ? StandardCharsets.UTF_8.decode(bytes.duplicate()).toString()
                : value.toString();
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeString((String) value);
    }

    @Override
    public Object answer(Object selected) {
        return selected;
    }

    /** Postgres has no text with a zero character: it would refuse the whole statement. */
    @Override
    public Object parse(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("U+0000");
        }
        return text;
    }
}
