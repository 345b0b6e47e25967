package dev.leat.schema.contract;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Says in words what one version of a schema has that the one before hadn't, for people who decide whether they can live
 * with it. Documentation, and the order of fields, are no changes.
 */
public final class SchemaChanges {

    private final List<String> words = new ArrayList<>();

    // Records that are being or were compared: a type may occur in several fields, or in itself.
    private final Set<String> compared = new HashSet<>();

    private SchemaChanges() {}

    /** One sentence a change, in the order of the fields; empty when there is none. */
    public static List<String> between(Schema before, Schema after) {
        try {
            return compared(before, after);
        } catch (StackOverflowError e) {
            return List.of("its types within types go too deep to be compared");
        }
    }

    private static List<String> compared(Schema before, Schema after) {
        SchemaChanges changes = new SchemaChanges();
        if (before.getType() == Schema.Type.RECORD && after.getType() == Schema.Type.RECORD) {
            if (!before.getFullName().equals(after.getFullName())) {
                changes.words.add("record " + before.getFullName() + " is now called " + after.getFullName()
                        + alias(after.getAliases().contains(before.getFullName())));
            }
            changes.fields("", before, after);
        } else {
            changes.type("the value", before, after);
        }
        return List.copyOf(changes.words);
    }

    private void fields(String path, Schema before, Schema after) {
        if (!compared.add(after.getFullName())) {
            return;
        }
        Map<String, Schema.Field> gone = new LinkedHashMap<>();
        before.getFields().forEach(field -> gone.put(field.name(), field));
        List<Schema.Field> added = new ArrayList<>();
        for (Schema.Field field : after.getFields()) {
            Schema.Field old = gone.remove(field.name());
            if (old == null) {
                added.add(field);
            } else {
                field(path + field.name(), old, field);
            }
        }
        for (Schema.Field field : added) {
            Schema.Field old = field.aliases().stream()
                    .filter(gone::containsKey)
                    .findFirst()
                    .map(gone::remove)
                    .orElse(null);
            String name = path + field.name();
            if (old == null) {
                words.add("field " + name + " was added, " + demand(field));
            } else {
                words.add(path + old.name() + " is now called " + name + alias(true));
                field(name, old, field);
            }
        }
        gone.keySet().forEach(name -> words.add("field " + path + name + " was removed"));
    }

    private void field(String name, Schema.Field before, Schema.Field after) {
        type(name, before.schema(), after.schema());
        String was = defaultOf(before);
        String is = defaultOf(after);
        if (!Objects.equals(was, is)) {
            words.add(
                    was == null
                            ? name + " has a default now, " + is
                            : is == null
                                    ? name + " has no default any more"
                                    : "default of " + name + ": " + was + " -> " + is);
        }
    }

    private void type(String name, Schema before, Schema after) {
        String was = nameOf(before);
        String is = nameOf(after);
        if (!was.equals(is)) {
            words.add("type of " + name + ": " + was + " -> " + is);
        }
        within(name, before, after);
    }

    /** What has the same name may hold something else. */
    private void within(String name, Schema before, Schema after) {
        if (before.getType() == Schema.Type.UNION || after.getType() == Schema.Type.UNION) {
            for (Schema branch : branches(after)) {
                branches(before).stream()
                        .filter(other -> other.getFullName().equals(branch.getFullName()))
                        .findFirst()
                        .ifPresent(other -> within(name, other, branch));
            }
        } else if (before.getType() == after.getType()) {
            switch (after.getType()) {
                case RECORD -> {
                    if (before.getFullName().equals(after.getFullName())) {
                        fields(name + ".", before, after);
                    }
                }
                case ARRAY -> within(name, before.getElementType(), after.getElementType());
                case MAP -> within(name, before.getValueType(), after.getValueType());
                case ENUM -> symbols(name, before, after);
                default -> {}
            }
        }
    }

    private void symbols(String name, Schema before, Schema after) {
        Set<String> added = new LinkedHashSet<>(after.getEnumSymbols());
        before.getEnumSymbols().forEach(added::remove);
        Set<String> removed = new LinkedHashSet<>(before.getEnumSymbols());
        after.getEnumSymbols().forEach(removed::remove);
        if (!added.isEmpty()) {
            words.add("values of " + name + " were added: " + String.join(", ", added));
        }
        if (!removed.isEmpty()) {
            words.add("values of " + name + " were removed: " + String.join(", ", removed));
        }
    }

    private static List<Schema> branches(Schema schema) {
        return schema.getType() == Schema.Type.UNION ? schema.getTypes() : List.of(schema);
    }

    /** What a field demands of those who write it. */
    private static String demand(Schema.Field field) {
        boolean nullable = field.schema().isNullable();
        String value = defaultOf(field);
        if (value == null) {
            return nullable ? "optional, without default" : "required";
        }
        return (nullable ? "optional" : "never null") + ", default " + value;
    }

    /** Null for none. */
    private static String defaultOf(Schema.Field field) {
        if (!field.hasDefaultValue()) {
            return null;
        }
        return switch (field.defaultVal()) {
            case JsonProperties.Null none -> "null";
            case String text -> '"' + text + '"';
            case byte[] bytes -> bytes.length + " bytes";
            case Object value -> value.toString();
        };
    }

    private static String nameOf(Schema schema) {
        return switch (schema.getType()) {
            case UNION ->
                // The order of branches is nobody's business here, and "or null" reads best at the end.
                java.util.stream.Stream.concat(
                                schema.getTypes().stream()
                                        .filter(branch -> branch.getType() != Schema.Type.NULL)
                                        .map(SchemaChanges::nameOf),
                                schema.isNullable()
                                        ? java.util.stream.Stream.of("null")
                                        : java.util.stream.Stream.empty())
                        .collect(Collectors.joining(" or "));
            case ARRAY -> "array of " + nameOf(schema.getElementType());
            case MAP -> "map of " + nameOf(schema.getValueType());
            case FIXED -> schema.getFullName() + " of " + schema.getFixedSize() + " bytes" + logical(schema, ", ", "");
            case RECORD, ENUM -> schema.getFullName();
            default -> schema.getType().getName() + logical(schema, " (", ")");
        };
    }

    private static String logical(Schema schema, String open, String close) {
        return switch (schema.getLogicalType()) {
            case null -> "";
            case LogicalTypes.Decimal decimal ->
                open + "decimal " + decimal.getPrecision() + "," + decimal.getScale() + close;
            default -> open + schema.getLogicalType().getName() + close;
        };
    }

    private static String alias(boolean named) {
        return named ? " (alias)" : " (without an alias)";
    }
}
