package dev.leat.postgres;

import io.vertx.pgclient.PgException;
import java.util.Optional;
import java.util.Set;

/**
 * The SQLSTATEs that Leat acts upon, and what their classes say about a failed statement. Source: PostgreSQL, appendix
 * "Error Codes".
 */
public enum SqlState {

    /** Also of a prepared statement whose result has other columns now. */
    FEATURE_NOT_SUPPORTED("0A000"),
    UNIQUE_VIOLATION("23505"),
    DEPENDENT_OBJECTS_STILL_EXIST("2BP01"),
    UNDEFINED_COLUMN("42703"),
    UNDEFINED_TABLE("42P01"),
    /** Also of a view that would be replaced by one with other columns. */
    INVALID_TABLE_DEFINITION("42P16"),
    LOCK_NOT_AVAILABLE("55P03"),
    /** A row, or what an index holds of it, is too large. */
    PROGRAM_LIMIT_EXCEEDED("54000"),
    /** Also by {@code statement_timeout}. */
    QUERY_CANCELED("57014"),
    /** By {@code idle_in_transaction_session_timeout}: we have taken too long between two statements. */
    IDLE_IN_TRANSACTION_SESSION_TIMEOUT("25P03"),
    TRANSACTION_TIMEOUT("25P04");

    /**
     * Classes that speak of the data: cardinality violation, data exception, integrity constraint violation, program
     * limit exceeded (a row or an index entry that is too large).
     */
    private static final Set<String> DATA = Set.of("21", "22", "23", "54");

    private final String code;

    SqlState(String code) {
        this.code = code;
    }

    /** Empty for a failure that isn't Postgres's, and for a state that isn't listed here. */
    public static Optional<SqlState> of(Throwable failure) {
        if (failure instanceof PgException refused) {
            for (SqlState state : values()) {
                if (state.code.equals(refused.getSqlState())) {
                    return Optional.of(state);
                }
            }
        }
        return Optional.empty();
    }

    public boolean isOf(Throwable failure) {
        return failure instanceof PgException refused && code.equals(refused.getSqlState());
    }

    /** Whether Postgres refuses the data: the same rows are refused at each attempt. */
    public static boolean refusesData(PgException refused) {
        return isKnown(refused) && DATA.contains(classOf(refused));
    }

    /** Whether the answer carries a SQLSTATE; a client's own failures have none. */
    public static boolean isKnown(PgException refused) {
        return refused.getSqlState() != null && refused.getSqlState().length() == 5;
    }

    private static String classOf(PgException refused) {
        return refused.getSqlState().substring(0, 2);
    }
}
