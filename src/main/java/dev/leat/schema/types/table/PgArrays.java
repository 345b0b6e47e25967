package dev.leat.schema.types.table;

import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import io.vertx.sqlclient.Row;
import java.util.Arrays;
import java.util.List;

/**
 * How a column's values become an array parameter of {@code unnest}, and what its elements are cast to. One parameter a
 * column, whatever the number of rows.
 */
public final class PgArrays {

    private PgArrays() {}

    /** The parameter's type, as {@code double precision[]}. */
    public static String parameterType(ColumnType type) {
        return TypeTable.of(type).parameter() + "[]";
    }

    /** The values of an array parameter as they go into a table, a row each. */
    public static String unnested(String parameter, ColumnType type) {
        String values = "unnest(" + parameter + "::" + parameterType(type) + ")";
        return TypeTable.of(type).parameter().equals(type.postgres()) ? values : values + "::" + type.postgres();
    }

    /** Whether Postgres puts values of a type into a column of a type that holds them without being told how. */
    public static boolean isStorable(ColumnType type, ColumnType column) {
        return type.postgres().equals(column.postgres())
                || TypeTable.of(type).isNumber() && TypeTable.of(column).isNumber()
                || type.kind() == Kind.ARRAY
                        && column.kind() == Kind.ARRAY
                        && isStorable(type.element(), column.element());
    }

    /**
     * How a column is selected so that the client loses nothing of it: of an array the elements, and after all columns, for
     * each array, {@link #lengths}. The client reads arrays of one dimension alone, and Postgres's types don't say how many an
     * array has.
     *
     * @param value the expression that is selected
     */
    public static String selected(Column column, String value) {
        boolean isArray = column.type().kind() == Kind.ARRAY;
        String whole = isArray
                ? "CASE WHEN array_ndims(" + value + ") > 1 THEN ARRAY(SELECT unnest(" + value + ")) ELSE " + value
                        + " END"
                : value;
        if (!TypeTable.of(column.type()).isSelectedAsText()) {
            return whole;
        }
        return isArray ? "(" + whole + ")::text[]" : whole + "::text";
    }

    /** How long an array is in each of its dimensions, where it has several; else null. */
    public static String lengths(String array) {
        return "CASE WHEN array_ndims(" + array + ") > 1 THEN ARRAY(SELECT array_length(" + array
                + ", d) FROM generate_series(1, array_ndims(" + array + ")) AS d) END";
    }

    /**
     * The value of a column, as the client gives it. Of an array of several dimensions an array of arrays.
     *
     * @param row the columns first, each as {@link #selected}, then the lengths of each array among them
     */
    public static Object value(Row row, List<Column> columns, int column) {
        Object value = row.getValue(column);
        if (!(value instanceof Object[] elements) || columns.get(column).type().kind() != Kind.ARRAY) {
            return value;
        }
        long before = columns.subList(0, column).stream()
                .filter(c -> c.type().kind() == Kind.ARRAY)
                .count();
        Integer[] lengths = row.getArrayOfIntegers(columns.size() + (int) before);
        return lengths == null ? elements : nested(elements, lengths, 0, 0, elements.length);
    }

    private static Object[] nested(Object[] elements, Integer[] lengths, int dimension, int from, int to) {
        if (dimension == lengths.length - 1) {
            return Arrays.copyOfRange(elements, from, to, Object[].class);
        }
        Object[] nested = new Object[lengths[dimension]];
        int size = (to - from) / nested.length;
        for (int i = 0; i < nested.length; i++) {
            nested[i] = nested(elements, lengths, dimension + 1, from + i * size, from + (i + 1) * size);
        }
        return nested;
    }

    /**
     * The values of these rows, in this order; nulls stay null.
     *
     * @throws java.time.DateTimeException for a time that Postgres can't hold
     */
    public static Object[] values(Vector vector, int[] rows) {
        return TypeTable.of(vector.type()).parameters(vector, rows);
    }
}
