package dev.leat.schema.types.table;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroTypes;
import dev.leat.schema.types.codec.StoredAs;
import dev.leat.schema.types.codec.ValueCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/**
 * Lists of values of one simple type; an element may be null.
 *
 * <p>Source of the text that Postgres parses: PostgreSQL, "Array Input and Output Syntax". An array of arrays would have to
 * be rectangular, so the parameter is text, and is cast.
 */
final class ArrayCodec extends ComposedCodec {

    private final ValueCodec element;

    ArrayCodec(ColumnType type, ValueCodec element) {
        super(type);
        this.element = element;
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        List<Object> values = new ArrayList<>();
        AvroBlocks.forEachItem(in, () -> values.add(element.readOptional(in, schema.getElementType())));
        return values;
    }

    @Override
    protected Object widen(Object value, ValueCodec from) {
        ValueCodec narrower = ((ArrayCodec) from).element;
        List<Object> elements = new ArrayList<>();
        ((List<?>) value).forEach(e -> elements.add(element.widened(e, narrower)));
        return elements;
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        List<?> elements = (List<?>) value;
        out.writeArrayStart();
        out.setItemCount(elements.size());
        for (Object e : elements) {
            out.startItem();
            element.writeOptional(e, schema.getElementType(), out);
        }
        out.writeArrayEnd();
    }

    @Override
    public Schema emitted() {
        return Schema.createArray(Schema.createUnion(Schema.create(Schema.Type.NULL), element.emitted()));
    }

    @Override
    public String emittedDoc() {
        return element.emittedDoc();
    }

    @Override
    public boolean fits(Schema field, ColumnType held) {
        if (field.getType() != Schema.Type.ARRAY) {
            return false;
        }
        Schema present = AvroTypes.presentOf(field.getElementType());
        // Postgres has one type for arrays, and for arrays of them.
        return fits(present, held) || element.fits(present, AvroTypes.columnType(present));
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new String[rows.length], vector, rows, r -> inArray(vector.objectAt(r)));
    }

    @Override
    public String inArray(Object value) {
        StringBuilder text = new StringBuilder("{");
        for (Object e : (List<?>) value) {
            if (text.length() > 1) {
                text.append(',');
            }
            if (e == null) {
                text.append("NULL");
            } else {
                quote(element.inArray(e), text);
            }
        }
        return text.append('}').toString();
    }

    private static void quote(String element, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < element.length(); i++) {
            char c = element.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\');
            }
            text.append(c);
        }
        text.append('"');
    }

    @Override
    protected Schema stored(String name) {
        return Schema.createArray(element.parquet(name));
    }

    @Override
    public StoredAs storedAs() {
        return StoredAs.CONVERTED;
    }

    @Override
    public Object toStored(Object value, Schema schema) {
        List<Object> elements = new ArrayList<>();
        for (Object e : (List<?>) value) {
            elements.add(e == null ? null : element.toStored(e, null));
        }
        return elements;
    }

    @Override
    public Object ofStored(Object value, Schema schema) {
        List<?> values = (List<?>) value;
        Schema present = present(schema.getElementType());
        List<Object> elements = new ArrayList<>(values.size());
        values.forEach(v -> elements.add(v == null ? null : element.ofStored(v, present)));
        return elements;
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (Object e : (List<?>) value) {
            element.writeJsonOrNull(e, json);
        }
        json.writeEndArray();
    }

    /** Only as its elements are: Postgres writes the array's text in a form of its own. */
    @Override
    public boolean isSelectedAsText() {
        return element.isSelectedAsText();
    }

    @Override
    public Object answer(Object selected) {
        return Arrays.stream((Object[]) selected)
                .map(e -> e == null ? null : e instanceof Object[] inner ? answer(inner) : element.answer(e))
                .toList();
    }
}
