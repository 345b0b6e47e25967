package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table of a view's state. Readers see it through the view.
 *
 * @param name qualified and quoted
 * @param columns their names and Postgres's types, in order
 * @param key names of the columns that identify a row; null counts as a value like others
 * @param indexed the column by which rows are looked for otherwise
 */
record SqlStateTable(String name, LinkedHashMap<String, String> columns, List<String> key, Optional<String> indexed) {

    /**
     * That a row {@code excluded} is from after the row {@code _old}. Offsets compare within a partition only. An event of a
     * key from another partition was produced later: the topic was given more partitions.
     */
    static final String IS_LATER = "(_old._partition <> excluded._partition OR _old._offset < excluded._offset)";

    private static final String COLUMNS = """
            SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_catalog.pg_attribute
            WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
            """;

    SqlStateTable(String name, LinkedHashMap<String, String> columns, List<String> key) {
        this(name, columns, key, Optional.empty());
    }

    SqlStateTable indexed(String column) {
        return new SqlStateTable(name, columns, key, Optional.of(column));
    }

    /** The name of the table of a stream's events, after that of the state. */
    static String beside(String table, String stream) {
        return table.substring(0, table.length() - 1) + "__" + Sql.quote(stream).substring(1);
    }

    boolean exists(Tx tx) {
        return !existingColumns(tx).isEmpty();
    }

    void create(Tx tx) {
        List<String> definitions = new ArrayList<>();
        columns.forEach((column, type) -> definitions.add(Sql.quote(column) + " " + type));
        // HOT updates need room; the counters of a view change with every batch.
        tx.execute("CREATE TABLE " + name + " (" + String.join(", ", definitions) + ", UNIQUE NULLS NOT DISTINCT ("
                + Sql.list(key, Sql::quote) + "))");
        indexed.ifPresent(column -> tx.execute("CREATE INDEX ON " + name + " (" + Sql.quote(column) + ") WHERE "
                + Sql.quote(column) + " IS NOT NULL"));
    }

    /** Gives the table the columns that it lacks, and those that are too narrow a wider type. */
    void grow(Tx tx) {
        Map<String, String> existing = existingColumns(tx);
        List<String> changes = new ArrayList<>();
        columns.forEach((column, type) -> {
            if (!existing.containsKey(column)) {
                changes.add("ADD COLUMN " + Sql.quote(column) + " " + type);
            } else if (!existing.get(column).equals(type)) {
                changes.add("ALTER COLUMN " + Sql.quote(column) + " TYPE " + type);
            }
        });
        if (!changes.isEmpty()) {
            tx.execute("ALTER TABLE " + name + " " + String.join(", ", changes));
        }
    }

    private Map<String, String> existingColumns(Tx tx) {
        Map<String, String> existing = new HashMap<>();
        for (Row row : tx.execute(COLUMNS, Tuple.of(name))) {
            existing.put(row.getString("attname"), row.getString("type"));
        }
        return existing;
    }
}
