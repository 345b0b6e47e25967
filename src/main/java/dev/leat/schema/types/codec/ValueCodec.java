package dev.leat.schema.types.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroTypes;
import dev.leat.schema.types.avro.AvroUnions;
import dev.leat.schema.types.avro.PlainRead;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/**
 * Everything that one kind of value is outside of a {@link Vector}: in Avro, Postgres, Parquet, JSON and in a query's text.
 * A codec belongs to one type, is immutable, and is asked for once a column or once a run of rows, never once a value.
 *
 * <p>A value is what {@link Vector#valueAt} gives, and never null unless a method says so.
 */
public abstract class ValueCodec {

    private static final JsonFactory JSON = new JsonFactory();

    private final ColumnType type;

    protected ValueCodec(ColumnType type) {
        this.type = type;
    }

    public final ColumnType type() {
        return type;
    }

    // Avro, in

    /**
     * How values of this type are read into a vector without an object for each.
     *
     * @param written the schema, of which this is the type
     * @param into the vector's type, which holds this one
     * @return null where each value is an object: {@link #read} reads it then
     */
    public PlainRead plainRead(Schema written, ColumnType into) {
        return null;
    }

    /**
     * Reads a value; null for a union's null.
     *
     * @param schema of which this is the type, as {@link AvroTypes#columnType} says
     */
    public abstract Object read(AvroCursor in, Schema schema);

    /** The same of a schema that may be optional. */
    public final Object readOptional(AvroCursor in, Schema schema) {
        if (AvroTypes.optionalOf(schema) == null) {
            return read(in, schema);
        }
        Schema branch = in.readBranch(schema);
        return branch.getType() == Schema.Type.NULL ? null : read(in, branch);
    }

    /**
     * A value of another type, which this one holds ({@link ColumnType#holds}); null stays null.
     *
     * @throws AvroCursor.Malformed when it is bytes that are no text, or a time that a finer unit can't hold
     */
    public final Object widened(Object value, ValueCodec from) {
        return value == null || from.type.equals(type) ? value : widen(value, from);
    }

    protected Object widen(Object value, ValueCodec from) {
        return value;
    }

    // Avro, out

    /**
     * Writes a value.
     *
     * @param schema of which this is the type
     * @throws AvroCursor.Malformed when the schema can't hold the value
     */
    public abstract void write(Object value, Schema schema, BinaryEncoder out) throws IOException;

    /** Writes a value that may be null where the schema says so. */
    public final void writeOptional(Object value, Schema schema, BinaryEncoder out) throws IOException {
        Schema present = AvroTypes.presentOf(schema);
        if (value == null) {
            AvroUnions.writeNull(schema, out);
            return;
        }
        if (present != schema) {
            out.writeIndex(schema.getTypes().indexOf(present));
        }
        write(value, present, out);
    }

    /** The Avro type that columns are emitted as. */
    public abstract Schema emitted();

    /** What the emitted type doesn't say of its values; empty where it says all. */
    public String emittedDoc() {
        return "";
    }

    /**
     * Whether columns of this type may be emitted into a field.
     *
     * @param field its schema, without null
     * @param held the type that the schema has as a column
     */
    public boolean fits(Schema field, ColumnType held) {
        return switch (field.getType()) {
            case BOOLEAN, INT, FLOAT -> held.equals(type);
            case LONG -> held.equals(type) || held.holds(type) && held.kind() != Kind.LONG;
            default -> false;
        };
    }

    /** Whether a field is a plain string. */
    protected static boolean isText(Schema field, ColumnType held) {
        return field.getType() == Schema.Type.STRING && held.kind() == Kind.STRING;
    }

    // Postgres

    /** The names that Postgres's {@code format_type} has for columns that are read as this type. */
    public List<String> postgresNames() {
        return List.of(type.postgres());
    }

    /** The element type of the array parameter: another one than the column's where Postgres has to parse the values. */
    public String parameter() {
        return type.postgres();
    }

    /** The values of these rows, in this order, as the client binds an array; nulls stay null. */
    public abstract Object[] parameters(Vector vector, int[] rows);

    protected static <T> T[] fill(T[] values, Vector vector, int[] rows, IntFunction<T> value) {
        for (int i = 0; i < rows.length; i++) {
            values[i] = vector.isNull(rows[i]) ? null : value.apply(rows[i]);
        }
        return values;
    }

    /** A value within the text of an array. */
    public String inArray(Object value) {
        return value.toString();
    }

    /** Whether Postgres widens and narrows it to other numbers in an assignment. */
    public boolean isNumber() {
        return false;
    }

    // Parquet, as parquet-avro has it

    /**
     * The type in a file, nullable.
     *
     * @param name of the column
     */
    public final Schema parquet(String name) {
        return Schema.createUnion(List.of(Schema.create(Schema.Type.NULL), stored(name)));
    }

    protected Schema stored(String name) {
        return emitted();
    }

    /** The form in which a vector's values go into a file. */
    public StoredAs storedAs() {
        return StoredAs.OBJECT;
    }

    /**
     * A value as parquet-avro takes it.
     *
     * @param schema of the value in the file, nullable; null inside of another value
     */
    public Object toStored(Object value, Schema schema) {
        return value;
    }

    /**
     * A value as parquet-avro gives it.
     *
     * @param schema of the value in the file, not nullable; it may be of a type that was widened to this one since
     */
    public abstract Object ofStored(Object value, Schema schema);

    /** {@code T} of a nullable T in a file. */
    public static Schema present(Schema stored) {
        return stored.getType() == Schema.Type.UNION ? stored.getTypes().getLast() : stored;
    }

    // JSON

    /** The value as JSON. A value that is nested deeper than Jackson writes (1000) is refused. */
    public final String json(Object value) {
        return json(json -> writeJson(value, json));
    }

    public abstract void writeJson(Object value, JsonGenerator json) throws IOException;

    /** The same of a value that may be null. */
    public final void writeJsonOrNull(Object value, JsonGenerator json) throws IOException {
        if (value == null) {
            json.writeNull();
        } else {
            writeJson(value, json);
        }
    }

    /** The value of what {@link #writeJson} wrote. */
    public Object ofJson(JsonNode json) {
        return json.asText();
    }

    public static String json(Writing writing) {
        return json(new StringWriter(), writing);
    }

    /** @param text takes the JSON, and may refuse more of it with an {@link AvroCursor.Malformed} */
    protected static String json(Writer text, Writing writing) {
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
            writing.to(json);
        } catch (StreamConstraintsException e) {
            throw tooDeep(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    public static AvroCursor.Malformed tooDeep(StreamConstraintsException e) {
        return new AvroCursor.Malformed("a value is nested too deep: " + e.getOriginalMessage());
    }

    /** Writes JSON. */
    public interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    // Queries

    /** Whether values are selected as text, because the client would lose something of them. */
    public boolean isSelectedAsText() {
        return false;
    }

    /** A value as the Postgres client gives it, as Jackson is to write it; not null. */
    public Object answer(Object selected) {
        return selected.toString();
    }

    /**
     * The value that the Postgres client takes for a text.
     *
     * @throws IllegalArgumentException when the text isn't one, or with a {@link java.time.DateTimeException}
     */
    public abstract Object parse(String text);

    /** What the text of a value looks like, in words. */
    public abstract String expected();

    /** Whether values are compared with {@code <} and {@code >}. */
    public boolean isOrdered() {
        return true;
    }

    /** What GraphQL says of the scalar, in words; empty where the scalar is GraphQL's own. */
    public String scalarDoc() {
        return "";
    }
}
