package dev.leat.view.writer.latest;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.Unwrap;
import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.RowsBuilder;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.table.TypeTable;
import dev.leat.view.writer.DistinctKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The placeholder that Debezium writes where a large value hasn't changed and the database's log doesn't have it. It says
 * nothing about the value, so the value that the row has stays: from an earlier event of the batch, or in the table.
 *
 * <p>Source: Debezium 3, {@code unavailable.value.placeholder} and {@code UnchangedToastedPlaceholder} of its connector for
 * Postgres: the text; its bytes, or these as base64 or hexadecimal digits; an array of the text, of its bytes, of the number
 * of each byte, or of the UUID that is named by them; a map of the text to itself, or that as JSON.
 */
final class UnchangedValues {

    private static final String HEX = "hex:";

    private final Stream stream;
    private final String text;
    private final byte[] bytes;

    UnchangedValues(Stream stream) {
        this.stream = stream;
        String declared = stream.decoding().unavailableValue();
        this.bytes = declared.startsWith(HEX)
                ? HexFormat.of().parseHex(declared.substring(HEX.length()))
                : declared.getBytes(StandardCharsets.UTF_8);
        this.text = new String(bytes, StandardCharsets.UTF_8);
    }

    private boolean mayHave(Column column) {
        return stream.decoding().unwrap().equals(Optional.of(Unwrap.DEBEZIUM))
                && !stream.key().contains(column.name())
                && !placeholders(column.type()).isEmpty();
    }

    /** The values of a type that stand for an unchanged one, as {@link Vector#valueAt} gives them. */
    private List<Object> placeholders(ColumnType type) {
        return switch (type.kind()) {
            case STRING -> List.copyOf(texts());
            case BYTES -> List.of(bytes);
            case MAP -> type.element().kind() == Kind.STRING ? List.of(Map.of(text, text)) : List.of();
            case ARRAY ->
                switch (type.element().kind()) {
                    case STRING -> List.of(List.of(text), List.of(named().toString()));
                    case BYTES -> List.of(List.of(bytes));
                    case UUID -> List.of(List.of(named()));
                    case INT, LONG -> List.of(codes());
                    default -> List.of();
                };
            default -> List.of();
        };
    }

    private List<String> texts() {
        return List.of(
                text,
                "{\"" + text + "\":\"" + text + "\"}",
                Base64.getEncoder().encodeToString(bytes),
                Base64.getUrlEncoder().encodeToString(bytes),
                HexFormat.of().formatHex(bytes));
    }

    private UUID named() {
        return UUID.nameUUIDFromBytes(bytes);
    }

    private List<Object> codes() {
        List<Object> codes = new ArrayList<>();
        for (byte code : bytes) {
            codes.add((long) code);
        }
        return codes;
    }

    /** What a row is set to in the place of {@code excluded}'s value. */
    String update(Column column) {
        String name = Sql.quote(column.name());
        return mayHave(column)
                ? "CASE WHEN excluded." + name + " IN ("
                        + Sql.list(placeholders(column.type()), p -> literal(p, column.type())) + ") THEN t." + name
                        + " ELSE excluded." + name + " END"
                : "excluded." + name;
    }

    private static String literal(Object value, ColumnType type) {
        String literal = type.kind() == Kind.MAP
                ? TypeTable.of(type).json(value)
                : TypeTable.of(type).inArray(value);
        return Sql.literal(literal) + "::" + type.postgres();
    }

    /** The rows, where each has the values that it leaves unchanged from the one before it of the same key, as far as there is one. */
    Rows filled(Rows rows, int[] selected) {
        List<Column> columns = rows.shape().columns();
        int[] candidates = new int[columns.size()];
        int some = 0;
        for (int i = 0; i < candidates.length; i++) {
            if (mayHave(columns.get(i)) && hasAny(rows.vector(i), selected)) {
                candidates[some++] = i;
            }
        }
        return some == 0 ? rows : filled(rows, selected, Arrays.copyOf(candidates, some));
    }

    private boolean hasAny(Vector vector, int[] selected) {
        List<Object> placeholders = placeholders(vector.type());
        return Arrays.stream(selected).anyMatch(row -> isOneOf(placeholders, vector.objectAt(row)));
    }

    static boolean isOneOf(List<Object> placeholders, Object value) {
        if (value == null) {
            return false;
        }
        for (Object placeholder : placeholders) {
            if (equal(placeholder, value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean equal(Object one, Object other) {
        return switch (one) {
            case byte[] bytes -> Arrays.equals(bytes, (byte[]) other);
            case List<?> list
            when list.getFirst() instanceof byte[] ->
                ((List<?>) other).size() == 1
                        && ((List<?>) other).getFirst() instanceof byte[] only
                        && Arrays.equals((byte[]) list.getFirst(), only);
            default -> one.equals(other);
        };
    }

    private Rows filled(Rows rows, int[] selected, int[] candidates) {
        DistinctKeys keys =
                new DistinctKeys(stream.key().stream().map(rows::vector).toList(), selected);
        int[] before = new int[keys.size()];
        Arrays.fill(before, -1);
        Object[][] values = new Object[rows.size()][];
        for (int i = 0; i < selected.length; i++) {
            int row = selected[i];
            int key = keys.at(i);
            values[row] = valuesAt(rows, row);
            for (int column : candidates) {
                Vector vector = rows.vector(column);
                if (before[key] >= 0 && isOneOf(placeholders(vector.type()), vector.objectAt(row))) {
                    values[row][column] = values[before[key]][column];
                }
            }
            before[key] = rows.isDelete(row) ? -1 : row;
        }
        RowsBuilder filled = new RowsBuilder(stream, rows.shape(), rows.partition());
        for (int row = 0; row < rows.size(); row++) {
            filled.add(
                    rows.offset(row),
                    rows.timestamp(row),
                    rows.isDelete(row),
                    values[row] == null ? valuesAt(rows, row) : values[row]);
        }
        return filled.build();
    }

    private static Object[] valuesAt(Rows rows, int row) {
        Object[] values = new Object[rows.shape().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = rows.vector(i).valueAt(row);
        }
        return values;
    }
}
