package dev.leat.schema.types.table;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroDefaults;
import dev.leat.schema.types.avro.AvroTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * What the JSON of a writer's value lacks against the newest version of its schema: fields that have a default and that the
 * writer didn't know, in records at any depth. Other fields keep the names that their writer gave them. Immutable once it is
 * made; of types that contain themselves it contains itself.
 */
final class JsonDefaults {

    private static final String ITEM = "item";

    /** @param json its default */
    private record Field(String name, String json) {}

    private final List<Field> fields = new ArrayList<>();
    private final Map<String, JsonDefaults> parts = new HashMap<>();

    /** @param known by the writer's schema and the newest */
    private record Pairs(BiFunction<AvroCursor, Schema, String> json, Map<Schema, Map<Schema, JsonDefaults>> known) {}

    private JsonDefaults() {}

    /**
     * Null where nothing is lacking.
     *
     * @param json a value of a schema
     */
    static JsonDefaults of(Schema writer, Schema newest, BiFunction<AvroCursor, Schema, String> json) {
        if (writer == newest) {
            return null;
        }
        Map<Schema, Map<Schema, JsonDefaults>> all = new IdentityHashMap<>();
        JsonDefaults defaults = of(writer, newest, new Pairs(json, all));
        return all.values().stream().flatMap(those -> those.values().stream()).allMatch(part -> part.fields.isEmpty())
                ? null
                : defaults;
    }

    private static JsonDefaults of(Schema writer, Schema newest, Pairs all) {
        Schema same = sameOf(writer, newest);
        if (same == null) {
            return null;
        }
        Map<Schema, JsonDefaults> ofWriter = all.known().computeIfAbsent(writer, w -> new IdentityHashMap<>());
        JsonDefaults known = ofWriter.get(same);
        if (known == null) {
            known = new JsonDefaults();
            ofWriter.put(same, known);
            known.compare(writer, same, all);
        }
        return known;
    }

    private void compare(Schema writer, Schema newest, Pairs all) {
        switch (writer.getType()) {
            case UNION -> writer.getTypes().forEach(branch -> parts.put(branch.getFullName(), of(branch, newest, all)));
            case ARRAY -> parts.put(ITEM, of(writer.getElementType(), newest.getElementType(), all));
            case MAP -> parts.put(ITEM, of(writer.getValueType(), newest.getValueType(), all));
            case RECORD -> newest.getFields().forEach(field -> compare(writer, field, all));
            default -> {}
        }
    }

    private void compare(Schema writer, Schema.Field newest, Pairs all) {
        Schema.Field there = writer.getField(newest.name());
        for (String alias : newest.aliases()) {
            there = there == null ? writer.getField(alias) : there;
        }
        if (there != null) {
            parts.put(there.name(), of(AvroTypes.schemaOf(there), AvroTypes.schemaOf(newest), all));
        } else if (newest.hasDefaultValue()) {
            add(newest, all.json());
        }
    }

    private void add(Schema.Field newest, BiFunction<AvroCursor, Schema, String> json) {
        try {
            AvroCursor in = new AvroCursor();
            in.reset(AvroDefaults.encoded(newest), 0);
            fields.add(new Field(newest.name(), json.apply(in, AvroTypes.schemaOf(newest))));
        } catch (AvroRuntimeException | AvroCursor.Malformed | ClassCastException | IOException e) {
            return; // A default that is no value of its own type fills nothing.
        }
    }

    /** The newest schema of what is written by this one; null where that isn't known. */
    private static Schema sameOf(Schema writer, Schema newest) {
        if (writer.getType() == Schema.Type.UNION || newest.getType() != Schema.Type.UNION) {
            return writer.getType() == Schema.Type.UNION || writer.getType() == newest.getType() ? newest : null;
        }
        return newest.getTypes().stream()
                .filter(branch -> branch.getType() == writer.getType() && isNamedAs(writer, branch))
                .findFirst()
                .orElse(null);
    }

    private static boolean isNamedAs(Schema writer, Schema branch) {
        return writer.getType() != Schema.Type.RECORD
                || branch.getName().equals(writer.getName())
                || branch.getAliases().contains(writer.getFullName());
    }

    /** The fields of a record, after those that it has. */
    void write(JsonGenerator json) throws IOException {
        for (Field field : fields) {
            json.writeFieldName(field.name());
            json.writeRawValue(field.json());
        }
    }

    /** Of what is in it; null where nothing is lacking. */
    JsonDefaults of(String part) {
        return parts.get(part);
    }

    JsonDefaults ofItem() {
        return parts.get(ITEM);
    }
}
