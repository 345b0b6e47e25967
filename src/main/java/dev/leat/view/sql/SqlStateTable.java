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
import java.util.TreeSet;

/**
 * The table of a view's state. Readers see it through the view.
 *
 * @param name qualified and quoted
 * @param columns their names and Postgres's types, with collations that aren't the types' own, in order
 * @param key names of the columns that identify a row; null counts as a value like others
 * @param indexed the column by which rows are looked for otherwise
 * @param conversions of columns that mean something else once columns of the table have other types
 */
record SqlStateTable(
        String name,
        LinkedHashMap<String, String> columns,
        List<String> key,
        Optional<String> indexed,
        List<Conversion> conversions) {

    /**
     * What a column becomes when columns of the table get wider types.
     *
     * @param of the columns that have other types then, any of them
     * @param from Postgres's type that one of them had; empty: any
     * @param expression its new value, out of the old row
     */
    record Conversion(String column, List<String> of, Optional<String> from, String expression) {

        boolean isOf(Map<String, String> existing, Map<String, String> wanted) {
            return of.stream()
                    .anyMatch(c -> existing.containsKey(c)
                            && !existing.get(c).equals(wanted.get(c))
                            && from.map(existing.get(c)::equals).orElse(true));
        }
    }

    /**
     * That a row {@code excluded} is from after the row {@code _old}. Offsets compare within a partition only. An event of a
     * key from another partition was produced later: the topic was given more partitions.
     */
    static final String IS_LATER = "(_old._partition <> excluded._partition OR _old._offset < excluded._offset)";

    private static final String COLUMNS = """
            SELECT a.attname, format_type(a.atttypid, a.atttypmod) || coalesce((
                       SELECT format(' COLLATE %I.%I', n.nspname, c.collname)
                       FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
                       WHERE c.oid = a.attcollation AND a.attcollation <> t.typcollation), '') AS type
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
            """;

    private static final String SELECT_KEY = """
            SELECT array_agg(a.attname::text) FROM pg_catalog.pg_index AS i
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
            WHERE i.indrelid = to_regclass($1) AND i.indisunique GROUP BY i.indexrelid
            """;

    SqlStateTable(String name, LinkedHashMap<String, String> columns, List<String> key) {
        this(name, columns, key, Optional.empty(), List.of());
    }

    SqlStateTable converting(List<Conversion> those) {
        List<Conversion> all = new ArrayList<>(conversions);
        all.addAll(those);
        return new SqlStateTable(name, columns, key, indexed, all);
    }

    SqlStateTable indexed(String column) {
        return new SqlStateTable(name, columns, key, Optional.of(column), conversions);
    }

    /** The name of the table of a stream's events, after that of the state. */
    static String beside(String table, String stream) {
        return table.substring(0, table.length() - 1) + "__" + Sql.quote(stream).substring(1);
    }

    /** The type of a column without its collation. */
    String type(String column) {
        return columns.get(column).split(" COLLATE ", 2)[0];
    }

    /** Its schema, quoted. */
    String schema() {
        return name.substring(0, name.indexOf("\".\"") + 1);
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

    /** Whether a column of it has another type than it should have. */
    boolean isRetyped(Tx tx) {
        Map<String, String> existing = existingColumns(tx);
        return columns.entrySet().stream()
                .anyMatch(c -> existing.containsKey(c.getKey())
                        && !existing.get(c.getKey()).equals(c.getValue()));
    }

    /** Whether its rows are told apart by other columns than they should be. */
    boolean isRekeyed(Tx tx) {
        for (Row row : tx.execute(SELECT_KEY, Tuple.of(name))) {
            return !new TreeSet<>(key).equals(new TreeSet<>(List.of(row.getArrayOfStrings(0))));
        }
        return false;
    }

    /** Gives the table the columns that it lacks, and those that are too narrow a wider type. */
    void grow(Tx tx) {
        Map<String, String> existing = existingColumns(tx);
        Map<String, String> converted = new HashMap<>();
        conversions.stream()
                .filter(conversion -> conversion.isOf(existing, columns))
                .forEach(conversion -> converted.put(conversion.column(), " USING " + conversion.expression()));
        List<String> changes = new ArrayList<>();
        columns.forEach((column, type) -> {
            if (!existing.containsKey(column)) {
                changes.add("ADD COLUMN " + Sql.quote(column) + " " + type);
            } else if (!existing.get(column).equals(type) || converted.containsKey(column)) {
                changes.add("ALTER COLUMN " + Sql.quote(column) + " TYPE " + type + converted.getOrDefault(column, ""));
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
