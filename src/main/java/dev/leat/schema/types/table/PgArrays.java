package dev.leat.schema.types.table;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;

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
     * The values of these rows, in this order; nulls stay null.
     *
     * @throws java.time.DateTimeException for a time that Postgres can't hold
     */
    public static Object[] values(Vector vector, int[] rows) {
        return TypeTable.of(vector.type()).parameters(vector, rows);
    }
}
