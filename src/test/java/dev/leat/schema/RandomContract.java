package dev.leat.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** A contract that changes by random steps, each allowed by its rule, and records of its versions. */
public final class RandomContract {

    /** Of which the last ones can't be columns. */
    private static final List<String> NAMES = List.of(
            "a",
            "b",
            "c",
            "d",
            "e",
            "A",
            "größe",
            "a_b",
            "select",
            "oid",
            "_id",
            "__op",
            "_row",
            "_version",
            "l".repeat(60),
            "ü".repeat(31),
            "xmin",
            "_time",
            "ctid",
            "x".repeat(64),
            "ß".repeat(40),
            "_offset",
            "_window");

    private static final Set<String> NO_COLUMNS =
            Set.of("xmin", "_time", "ctid", "x".repeat(64), "ß".repeat(40), "_offset", "_window");

    private static final List<String> DOCS =
            List.of("", "what it is", "\\u0000", "\\ud800", "it's \\\"quoted\\\"; --", "ü".repeat(3000));

    private static final List<String> PROMOTED = List.of("\"int\"", "\"long\"", "\"float\"", "\"double\"");

    /** A rule of the registry. */
    public enum Rule {
        BACKWARD,
        FORWARD,
        FULL;

        boolean allows(Schema before, Schema after) {
            return (this == FORWARD || reads(after, before)) && (this == BACKWARD || reads(before, after));
        }

        private static boolean reads(Schema reader, Schema writer) {
            try {
                return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                                .getType()
                        == SchemaCompatibilityType.COMPATIBLE;
            } catch (AvroRuntimeException unclear) {
                return false; // an alias names a second field of the writer's
            }
        }
    }

    private static final class Field {
        String name;
        final Set<String> aliases = new LinkedHashSet<>();
        String type;
        boolean nullable;
        boolean hasDefault = true;
        String doc = "";
        List<Field> nested; // of a record

        Field copy() {
            Field copy = new Field();
            copy.name = name;
            copy.aliases.addAll(aliases);
            copy.type = type;
            copy.nullable = nullable;
            copy.hasDefault = hasDefault;
            copy.doc = doc;
            copy.nested = nested == null ? null : copies(nested);
            return copy;
        }
    }

    private final Random random;
    private final Rule rule;
    private List<Field> fields = new ArrayList<>();
    private String record = "t.Event";
    private Set<String> recordAliases = new LinkedHashSet<>();
    private int records; // so that names of nested types are never given twice
    private final List<Schema> versions = new ArrayList<>();

    public RandomContract(Random random) {
        this.random = random;
        this.rule = Rule.values()[random.nextInt(Rule.values().length)];
        do {
            fields.clear();
            for (int i = random.nextInt(4); i >= 0; i--) {
                fields.add(added());
            }
        } while (!isSchema());
        versions.add(schema());
    }

    public Rule rule() {
        return rule;
    }

    public Schema newest() {
        return versions.getLast();
    }

    public List<Schema> versions() {
        return versions;
    }

    /** Whether every field can be a column, as far as names go. */
    public static boolean isNameable(Schema version) {
        return columns(version, "").stream().noneMatch(NO_COLUMNS::contains)
                && columns(version, "").size()
                        == Set.copyOf(columns(version, "")).size()
                && columns(version, "").stream()
                        .allMatch(name -> name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length <= 60);
    }

    /**
     * Whether an alias names a field that one of the versions has beside one of the field's own name: it can't be told then
     * which of both goes on.
     */
    public boolean isUnclear(Schema version) {
        return versions.stream()
                .anyMatch(before -> before != version && isUnclear(version, names(before, new LinkedHashSet<>())));
    }

    private static boolean isUnclear(Schema record, Set<String> before) {
        return record.getFields().stream()
                .anyMatch(field -> before.contains(field.name())
                                && field.aliases().stream().anyMatch(before::contains)
                        || present(field.schema()).getType() == Schema.Type.RECORD
                                && isUnclear(present(field.schema()), before));
    }

    private static Set<String> names(Schema record, Set<String> names) {
        for (Schema.Field field : record.getFields()) {
            names.add(field.name());
            if (present(field.schema()).getType() == Schema.Type.RECORD) {
                names(present(field.schema()), names);
            }
        }
        return names;
    }

    private static List<String> columns(Schema record, String prefix) {
        List<String> columns = new ArrayList<>();
        for (Schema.Field field : record.getFields()) {
            Schema present = present(field.schema());
            if (present.getType() == Schema.Type.RECORD && !present.getFields().isEmpty()) {
                columns.addAll(columns(present, prefix + field.name() + "_"));
            } else {
                columns.add(prefix + field.name());
            }
        }
        return columns;
    }

    /** The schema, or what it is optional of. */
    public static Schema present(Schema schema) {
        return schema.getType() == Schema.Type.UNION && schema.getTypes().size() == 2 && schema.isNullable()
                ? schema.getTypes().get(schema.getTypes().get(0).getType() == Schema.Type.NULL ? 1 : 0)
                : schema;
    }

    /** One step that the rule allows; what it was. */
    public String step() {
        for (int attempt = 0; attempt < 100; attempt++) {
            List<Field> before = copies(fields);
            String name = record;
            Set<String> aliases = new LinkedHashSet<>(recordAliases);
            String what = change();
            if (isSchema()
                    && rule.allows(newest(), schema())
                    && versions.stream().noneMatch(v -> v.toString().equals(schema().toString()))) {
                versions.add(schema());
                return what + " → " + newest().toString().replaceAll("(.)\\1{9,}", "$1…");
            }
            fields = before;
            record = name;
            recordAliases = aliases;
        }
        return "nothing";
    }

    private String change() {
        List<Field> within = within();
        if (within.isEmpty() || random.nextInt(4) == 0) {
            within.add(added());
            return "added " + within.getLast().name;
        }
        Field field = within.get(random.nextInt(within.size()));
        switch (random.nextInt(9)) {
            case 0 -> {
                within.remove(field);
                return "removed " + field.name;
            }
            case 1, 2, 3 -> {
                String old = field.name;
                field.name = NAMES.get(random.nextInt(NAMES.size()));
                field.aliases.remove(field.name);
                field.aliases.add(old);
                return "renamed " + old + " to " + field.name;
            }
            case 4 -> {
                int at = PROMOTED.indexOf(field.type);
                field.type = at >= 0
                        ? PROMOTED.get(Math.min(at + 1, 3))
                        : "\"string\"".equals(field.type) ? "\"bytes\"" : field.type;
                return "promoted " + field.name;
            }
            case 5 -> {
                field.nullable = !field.nullable;
                field.hasDefault = true;
                return "made nullable or not " + field.name;
            }
            case 6 -> {
                if (field.type.contains("\"enum\"")) {
                    field.type = field.type.replace("\"S0\"", "\"S0\", \"S" + (10 + random.nextInt(80)) + "\"");
                }
                return "let grow " + field.name;
            }
            case 7 -> {
                field.doc = DOCS.get(random.nextInt(DOCS.size()));
                return "documented " + field.name;
            }
            default -> {
                recordAliases.add(record);
                record = "t.Event" + random.nextInt(3);
                recordAliases.remove(record);
                return "renamed the record to " + record;
            }
        }
    }

    private List<Field> within() {
        List<Field> records = fields.stream().filter(f -> f.nested != null).toList();
        return records.isEmpty() || random.nextInt(3) > 0 ? fields : records.get(random.nextInt(records.size())).nested;
    }

    private Field added() {
        Field field = new Field();
        // Mostly what can be a column.
        field.name = NAMES.get(random.nextInt(random.nextInt(4) == 0 ? NAMES.size() : 9));
        field.nullable = random.nextBoolean();
        field.doc = DOCS.get(random.nextInt(DOCS.size()));
        int number = records++;
        List<String> types = List.of(
                "\"int\"",
                "\"int\"",
                "\"long\"",
                "\"float\"",
                "\"double\"",
                "\"string\"",
                "\"string\"",
                "\"bytes\"",
                "\"boolean\"",
                "{\"type\": \"enum\", \"name\": \"t.E" + number
                        + "\", \"symbols\": [\"S0\", \"S1\"], \"default\": \"S0\"}",
                "{\"type\": \"int\", \"logicalType\": \"date\"}",
                "{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}",
                "{\"type\": \"array\", \"items\": \"long\"}",
                "{\"type\": \"map\", \"values\": \"string\"}");
        field.type = types.get(random.nextInt(types.size()));
        if (random.nextInt(6) == 0) {
            field.type = "t.R" + number;
            field.nested = new ArrayList<>();
            Field inner = new Field();
            inner.name = "b";
            inner.type = "\"int\"";
            field.nested.add(inner);
        }
        return field;
    }

    private static List<Field> copies(List<Field> fields) {
        return fields.stream().map(Field::copy).collect(Collectors.toCollection(ArrayList::new));
    }

    private boolean isSchema() {
        try {
            schema();
            return true;
        } catch (RuntimeException refused) {
            return false; // two fields of one name
        }
    }

    private Schema schema() {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"" + record + "\", \"aliases\": " + quoted(recordAliases)
                        + ", \"fields\": [{\"name\": \"key\", \"type\": \"string\"}"
                        + fields.stream().map(f -> ", " + json(f)).collect(Collectors.joining()) + "]}");
    }

    private static String json(Field field) {
        String type = field.nested == null
                ? field.type
                : "{\"type\": \"record\", \"name\": \"" + field.type + "\", \"fields\": ["
                        + field.nested.stream().map(RandomContract::json).collect(Collectors.joining(", ")) + "]}";
        String value = field.nullable ? "null" : value(field);
        return "{\"name\": \"" + field.name + "\", \"aliases\": " + quoted(field.aliases) + ", \"doc\": \"" + field.doc
                + "\", \"type\": " + (field.nullable ? "[\"null\", " + type + "]" : type)
                + (field.hasDefault ? ", \"default\": " + value : "") + "}";
    }

    private static String value(Field field) {
        if (field.nested != null) {
            return "{"
                    + field.nested.stream()
                            .map(f -> "\"" + f.name + "\": " + (f.nullable ? "null" : value(f)))
                            .collect(Collectors.joining(", "))
                    + "}";
        }
        return switch (field.type) {
            case "\"string\"", "\"bytes\"" -> "\"d\"";
            case "\"boolean\"" -> "true";
            case String enumeration when enumeration.contains("enum") -> "\"S0\"";
            case String array when array.contains("array") -> "[]";
            case String map when map.contains("map") -> "{}";
            default -> "7";
        };
    }

    private static String quoted(Set<String> names) {
        return names.stream().map(n -> "\"" + n + "\"").collect(Collectors.joining(", ", "[", "]"));
    }

    /** A record of a version. */
    public GenericRecord event(Schema version, String key) {
        GenericRecord event = (GenericRecord) value(version);
        event.put("key", key);
        return event;
    }

    private Object value(Schema schema) {
        return switch (schema.getType()) {
            case NULL -> null;
            case BOOLEAN -> random.nextBoolean();
            case INT -> random.nextInt(20_000);
            case LONG -> (long) random.nextInt();
            case FLOAT -> random.nextInt(1000) / 4f;
            case DOUBLE -> random.nextInt(1000) / 4.0;
            case STRING -> "s" + random.nextInt(100);
            case BYTES -> java.nio.ByteBuffer.wrap(new byte[] {'b'});
            case ENUM ->
                new GenericData.EnumSymbol(
                        schema,
                        schema.getEnumSymbols()
                                .get(random.nextInt(schema.getEnumSymbols().size())));
            case ARRAY -> List.of(value(schema.getElementType()));
            case MAP -> new LinkedHashMap<>(Map.of("m", value(schema.getValueType())));
            case UNION ->
                value(schema.getTypes().get(random.nextInt(schema.getTypes().size())));
            case RECORD -> {
                GenericData.Record record = new GenericData.Record(schema);
                schema.getFields().forEach(field -> record.put(field.pos(), value(field.schema())));
                yield record;
            }
            default -> throw new IllegalArgumentException(schema.toString());
        };
    }
}
