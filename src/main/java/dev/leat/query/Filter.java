package dev.leat.query;

import dev.leat.http.Problem;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.codec.ValueCodec;
import dev.leat.schema.types.table.TypeTable;
import java.time.DateTimeException;
import java.util.List;

/**
 * One condition on a column.
 *
 * @param values one for a comparison, any number for {@link Operator#IN}, one {@link Boolean} for
 *     {@link Operator#IS_NULL}; each of the Java type that the Postgres client takes for the column
 */
public record Filter(Column column, Operator operator, List<Object> values) {

    /** More values than this in one list are refused. */
    private static final int MAX_VALUES = 1000;

    public Filter {
        values = List.copyOf(values);
    }

    /** A comparison with a value given as text; a {@link Problem} if it isn't one of the column's type. */
    public static Filter of(Column column, Operator operator, String text) {
        if (operator == Operator.IS_NULL) {
            return new Filter(column, operator, List.of(isNull(column, text)));
        }
        return new Filter(column, operator, List.of(value(column, text)));
    }

    /** Equality with any of the values given as text. */
    public static Filter in(Column column, List<String> texts) {
        if (texts.size() > MAX_VALUES) {
            throw Problem.badParameter(
                    column.name(),
                    "column '" + column.name() + "' is compared with " + texts.size() + " values; at most " + MAX_VALUES
                            + " are taken");
        }
        return new Filter(
                column,
                Operator.IN,
                texts.stream().map(text -> value(column, text)).toList());
    }

    private static Object value(Column column, String text) {
        ValueCodec codec = TypeTable.of(column.type());
        try {
            return codec.parse(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw ViewProblems.badValue(column, codec.expected());
        }
    }

    private static Boolean isNull(Column column, String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw Problem.badParameter(
                        column.name(), "operator 'is_null' of column '" + column.name() + "' takes true or false");
        };
    }
}
