package dev.leat.view.sql.delta;

import dev.leat.postgres.Sql;
import java.util.List;
import java.util.SequencedMap;

/**
 * A query whose result is kept in a table, and computed again for the keys that a change touches.
 *
 * @param table qualified and quoted
 * @param result the columns of the query, by name, with Postgres's types
 * @param identity the columns of the result that tell its rows apart; empty where they don't
 * @param key names of the columns that tell rows apart, beside those of the result
 * @param columns all of the table, by name, with Postgres's types
 * @param fill the statement that computes all of it
 * @param triggers what computes it again
 * @param indexes what makes it fast, on tables that are kept for the view
 * @param methods how it is kept for changes of each of its inputs, each
 */
public record Node(
        String table,
        SequencedMap<String, String> result,
        List<String> identity,
        List<String> key,
        SequencedMap<String, String> columns,
        String fill,
        List<Trigger> triggers,
        List<Index> indexes,
        List<Method> methods) {

    /**
     * @param isPartial whether a change costs what it touches, and not all that there is
     * @param sentence the same for people
     */
    public record Method(String input, boolean isPartial, String sentence) {}

    /**
     * What is looked for, or ordered, by columns.
     *
     * @param table qualified and quoted
     * @param columns by name
     * @param orders as {@code "n" DESC}
     */
    public record Index(String table, List<String> columns, List<String> orders) {

        static Index of(String table, String column) {
            return new Index(table, List.of(column), List.of(Sql.quote(column)));
        }
    }

    /**
     * A function of Postgres that runs after a statement on a table.
     *
     * @param table qualified and quoted
     * @param event as {@code INSERT}
     * @param transitions names of the rows that came and went
     */
    public record Trigger(String name, String table, String event, String transitions, String function) {}
}
