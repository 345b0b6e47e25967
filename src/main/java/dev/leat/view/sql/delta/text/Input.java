package dev.leat.view.sql.delta.text;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Something that a SELECT reads, as it is there in Postgres.
 *
 * @param name by which the SELECT reads it
 * @param relation what has its rows, qualified and quoted
 * @param changed the table whose changes are its changes, qualified and quoted
 * @param visible what makes its rows of rows of that table, over {@link #ROWS}; empty where they are the same
 * @param isAppended whether rows come and nothing else: of a stream's events
 * @param columns what {@code *} means
 * @param key the columns that tell its rows apart
 * @param roots the tables that change by themselves, and it with them in the same statement
 * @param isOurs whether the table is kept for this view alone
 */
public record Input(
        String name,
        String relation,
        String changed,
        Optional<String> visible,
        boolean isAppended,
        List<String> columns,
        List<String> key,
        Set<String> roots,
        boolean isOurs) {

    /** Stands for rows of {@link #changed}. */
    public static final String ROWS = "{rows}";

    /** What it reads of rows of {@link #changed}. */
    public String of(String rows) {
        return visible.map(select -> "(" + select.replace(ROWS, rows) + ")").orElse(rows);
    }
}
