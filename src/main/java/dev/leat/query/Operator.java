package dev.leat.query;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.table.TypeTable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How a filter compares. As in SQL, only {@link #IS_NULL} is ever true of a column without a value. */
public enum Operator {
    EQ("eq", "="),
    NE("ne", "<>"),
    LT("lt", "<"),
    LTE("lte", "<="),
    GT("gt", ">"),
    GTE("gte", ">="),
    /** Equal to one of several values. */
    IN("in", "IN"),
    /** Whether there is no value. */
    IS_NULL("is_null", "IS NULL");

    private final String word;
    private final String sql;

    Operator(String word, String sql) {
        this.word = word;
        this.sql = sql;
    }

    /** The name that a question uses. */
    public String word() {
        return word;
    }

    String sql() {
        return sql;
    }

    private boolean isOrdering() {
        return this == LT || this == LTE || this == GT || this == GTE;
    }

    private boolean suits(ColumnType type) {
        if (!type.kind().isSimple()) {
            return this == IS_NULL;
        }
        return !isOrdering() || TypeTable.of(type).isOrdered();
    }

    /** The operators that a column of this type has. */
    public static List<Operator> of(ColumnType type) {
        return Stream.of(values()).filter(o -> o.suits(type)).toList();
    }

    /** The operator of that name, if a column of this type has it. */
    public static Optional<Operator> of(ColumnType type, String word) {
        return of(type).stream().filter(o -> o.word.equals(word)).findFirst();
    }
}
