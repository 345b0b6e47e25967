package dev.leat.view.sql.resolve.tree;

/** A value of SQL that looks like a column and is no function. Source: PostgreSQL, primnodes.h, SQLValueFunctionOp. */
public enum SqlValue {
    CURRENT_DATE(0, 0),
    CURRENT_TIME(1, 2),
    CURRENT_TIMESTAMP(3, 4),
    LOCALTIME(5, 6),
    LOCALTIMESTAMP(7, 8),
    CURRENT_ROLE(9, 9),
    CURRENT_USER(10, 10),
    USER(11, 11),
    SESSION_USER(12, 12),
    CURRENT_CATALOG(13, 13),
    CURRENT_SCHEMA(14, 14);

    private final int first;
    private final int last;

    SqlValue(int first, int last) {
        this.first = first;
        this.last = last;
    }

    /** Whether it is the time, and not something of the session. */
    public boolean isClock() {
        return compareTo(LOCALTIMESTAMP) <= 0;
    }

    static SqlValue of(long op) {
        for (SqlValue value : values()) {
            if (op >= value.first && op <= value.last) {
                return value;
            }
        }
        throw new IllegalArgumentException("no value of SQL has the number " + op);
    }
}
