package dev.leat.schema.emit;

import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.avro.AvroTypes;
import dev.leat.schema.types.table.TypeTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;

/**
 * The type table backwards: the Avro record that the columns of a SELECT are written as. What Avro has no type for goes as
 * a string, with a word on what it holds.
 */
final class EmittedSchema {

    private static final String NAMESPACE = "leat.views";
    private static final Pattern AVRO_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private EmittedSchema() {}

    /**
     * The record of these columns, each nullable unless it is required.
     *
     * @param latest the newest version of the subject; null when there is none. A column that is new, or was nullable
     *     before, is nullable, so that readers of this version can read what was written with older ones
     */
    static Schema derived(String view, String doc, List<Column> columns, Schema latest) {
        List<Schema.Field> fields = new ArrayList<>();
        for (Column column : columns) {
            if (!AVRO_NAME.matcher(column.name()).matches()) {
                throw new ContractException("views." + view + ".to-topic: column \"" + column.name()
                        + "\" can't be called so in Avro, where names are of letters, digits and _; give it another"
                        + " name with AS");
            }
            Schema type = TypeTable.of(column.type()).emitted();
            String said = doc(column);
            fields.add(
                    column.required() && mayBeRequired(column, latest)
                            ? new Schema.Field(column.name(), type, said)
                            : new Schema.Field(column.name(), nullable(type), said, JsonProperties.NULL_VALUE));
        }
        try {
            return Schema.createRecord(camelCase(view), doc, NAMESPACE, false, fields);
        } catch (AvroRuntimeException twice) {
            throw new ContractException("views." + view + ".to-topic: the columns can't be written as an Avro record: "
                    + twice.getMessage() + "; give each a name of its own with AS");
        }
    }

    private static boolean mayBeRequired(Column column, Schema latest) {
        if (latest == null || latest.getType() != Schema.Type.RECORD) {
            return true;
        }
        Schema.Field before = latest.getField(column.name());
        return before != null && AvroTypes.optionalOf(before.schema()) == null;
    }

    private static String camelCase(String view) {
        return Arrays.stream(view.split("_"))
                .filter(part -> !part.isEmpty())
                .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
                .collect(Collectors.joining());
    }

    private static Schema nullable(Schema type) {
        return Schema.createUnion(Schema.create(Schema.Type.NULL), type);
    }

    private static String doc(Column column) {
        String form = TypeTable.of(column.type()).emittedDoc();
        String both = (column.doc() + " " + form).strip();
        return both.isEmpty() ? null : both;
    }

    /**
     * Which column fills which field of a contract: the one of its name, or of one of its aliases.
     *
     * @param where the setting, for messages
     * @param keys names of columns that needn't have a field, for they are in the record's key
     * @return for each field the index of its column; -1 where its default is written
     * @throws ContractException when a field has neither a column nor a default, when a type doesn't fit, or when a
     *     column has no field
     */
    static List<Integer> match(String where, Schema contract, List<Column> columns, Set<String> keys) {
        if (contract.getType() != Schema.Type.RECORD) {
            throw new ContractException(where + ": the contract is of type "
                    + contract.getType().getName() + ", and rows can only be written as a record");
        }
        List<String> names = columns.stream().map(Column::name).toList();
        List<Integer> matched = new ArrayList<>();
        for (Schema.Field field : contract.getFields()) {
            int column = indexOf(names, field);
            if (column >= 0) {
                requireFit(where, field, columns.get(column));
            } else if (!field.hasDefaultValue()) {
                throw new ContractException(where + ": no column of the SELECT fills field `" + field.name()
                        + "`, which has no default; add one with AS \"" + field.name() + "\"");
            }
            matched.add(column);
        }
        for (int i = 0; i < names.size(); i++) {
            if (!matched.contains(i) && !keys.contains(names.get(i))) {
                throw new ContractException(where + ": the contract has no field for column `" + names.get(i)
                        + "`; leave it out of the SELECT, or name it with AS as the field is named");
            }
        }
        return matched;
    }

    private static int indexOf(List<String> names, Schema.Field field) {
        int named = names.indexOf(field.name());
        return named >= 0
                ? named
                : field.aliases().stream()
                        .mapToInt(names::indexOf)
                        .filter(i -> i >= 0)
                        .findFirst()
                        .orElse(-1);
    }

    private static void requireFit(String where, Schema.Field field, Column column) {
        Schema present = AvroTypes.presentOf(AvroTypes.schemaOf(field));
        if (!TypeTable.of(column.type()).fits(present, AvroTypes.columnType(present))) {
            throw new ContractException(where + ": column `" + column.name() + "` is "
                    + column.type().postgres() + ", which field `" + field.name() + "` of type " + present
                    + " can't hold; cast it in the SELECT");
        }
    }
}
