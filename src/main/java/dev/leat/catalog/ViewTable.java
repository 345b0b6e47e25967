package dev.leat.catalog;

import dev.leat.schema.types.Column;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An active view, as Postgres has it now.
 *
 * @param name the view's name in the pipeline
 * @param kind the word that declares it: latest, log, history, sql
 * @param streams the streams that it follows; empty for one that only reads other views
 * @param table the table's qualified and quoted name, for use in SQL
 * @param key names of the columns that identify a row; never empty ({@code _partition, _offset} for a log)
 * @param columns the columns that a reader sees, in order; their names need quoting in SQL
 * @param leftAt since when nobody keeps it current, because the instance that started last doesn't declare it; else null
 */
public record ViewTable(
        String name,
        String kind,
        List<String> streams,
        String table,
        List<String> key,
        List<Column> columns,
        Instant leftAt) {

    /** One that is kept current. */
    public ViewTable(
            String name, String kind, List<String> streams, String table, List<String> key, List<Column> columns) {
        this(name, kind, streams, table, key, columns, null);
    }

    public Optional<Column> column(String name) {
        return columns.stream().filter(c -> c.name().equals(name)).findFirst();
    }
}
