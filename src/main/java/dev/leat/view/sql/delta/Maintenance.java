package dev.leat.view.sql.delta;

import dev.leat.postgres.Sql;
import dev.leat.view.sql.delta.text.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The statements that keep a node's table: what is there for the touched keys becomes what the query gives for them now. All
 * of a view takes one lock first, so that of two transactions the later one sees what the other has changed.
 */
final class Maintenance {

    private static final String NUMBER = "_n";

    private final String table;
    private final List<String> result;
    private final List<Slot> slots;
    private final boolean numbered;
    private final String select;

    /** @param select the query with the slots' columns, over what is there in full */
    Maintenance(String table, List<String> result, List<Slot> slots, boolean numbered, String select) {
        this.table = table;
        this.result = result;
        this.slots = slots;
        this.numbered = numbered;
        this.select = select;
    }

    static String number() {
        return NUMBER;
    }

    /**
     * The body of a trigger's function.
     *
     * @param any what has rows if the statement changed any
     */
    String body(String lock, String any, Optional<List<String>> touched) {
        String declared = touched.isEmpty()
                ? ""
                : "DECLARE "
                        + slots.stream()
                                .map(s -> keys(s) + " " + s.type() + "[]; " + hasNull(s) + " boolean;")
                                .collect(Collectors.joining(" "))
                        + "\n";
        String find = touched.map(this::find).orElse("");
        return declared + "BEGIN\nIF NOT EXISTS (SELECT FROM " + any
                + ") THEN RETURN NULL; END IF;\nPERFORM pg_advisory_xact_lock(hashtextextended("
                + Sql.literal("leat.view." + lock)
                + ", 0));\n" + find + recompute(touched.isPresent()) + ";\nRETURN NULL;\nEND";
    }

    /** All of it, as when the table is empty. */
    String fill() {
        return recompute(false);
    }

    private String find(List<String> touched) {
        return "SELECT " + Sql.list(slots, s -> "array_agg(" + s.name() + ")") + " INTO " + Sql.list(slots, this::keys)
                + " FROM (\n" + touched.stream().map(t -> "(" + t + ")").collect(Collectors.joining("\nUNION\n"))
                + "\n) AS _keys(" + Sql.list(slots, Slot::name) + ");\nIF " + keys(slots.getFirst())
                + " IS NULL THEN RETURN NULL; END IF;\n"
                + slots.stream()
                        .map(s -> hasNull(s) + " := array_position(" + keys(s) + ", NULL) IS NOT NULL;\n")
                        .collect(Collectors.joining());
    }

    private String keys(Slot slot) {
        return "_t" + slot.name();
    }

    private String hasNull(Slot slot) {
        return "_h" + slot.name();
    }

    private String recompute(boolean isPartial) {
        List<String> key = new ArrayList<>(slots.stream().map(Slot::name).toList());
        String number = "";
        if (numbered) {
            key.add(NUMBER);
            number = ", row_number() OVER ("
                    + (slots.isEmpty() ? "" : "PARTITION BY " + Sql.list(slots, Slot::name) + " ")
                    + "ORDER BY " + row("_all") + " COLLATE \"C\") AS " + NUMBER;
        }
        List<String> all = new ArrayList<>(result.stream().map(Sql::quote).toList());
        all.addAll(key);
        String id = "ROW(" + Sql.list(key, k -> "_r." + k) + ")";
        boolean several = isPartial && slots.size() > 1;
        return "WITH "
                + (several
                        ? "_touched AS MATERIALIZED (SELECT _t::record AS _id FROM unnest("
                                + Sql.list(slots, this::keys) + ") AS _t),\n"
                        : "")
                + "_now AS MATERIALIZED (SELECT *, ROW(" + Sql.list(key, k -> "_numbered." + k)
                + ") AS _id FROM (SELECT _all.*" + number + " FROM (\n" + select + "\n) AS _all"
                + (isPartial ? " WHERE " + isTouched("_all") : "") + ") AS _numbered),\n"
                + "_gone AS (DELETE FROM " + table + " AS _r WHERE " + (isPartial ? isTouched("_r") + " AND " : "")
                + "NOT EXISTS (SELECT FROM _now WHERE _now._id = " + id + "))\n"
                + "INSERT INTO " + table + " AS _r (" + String.join(", ", all) + ") SELECT " + String.join(", ", all)
                + " FROM _now ON CONFLICT (" + String.join(", ", key) + ") DO "
                + (result.isEmpty()
                        ? "NOTHING"
                        : "UPDATE SET " + Sql.list(result, c -> Sql.quote(c) + " = excluded." + Sql.quote(c))
                                + " WHERE " + row("_r") + " IS DISTINCT FROM " + row("excluded"));
    }

    private String row(String alias) {
        return "ROW(" + Sql.list(result, c -> alias + "." + Sql.quote(c)) + ")::text";
    }

    private String isTouched(String alias) {
        String each = slots.stream()
                .map(s -> "(" + alias + "." + s.name() + " = ANY (" + keys(s) + ") OR " + hasNull(s) + " AND " + alias
                        + "." + s.name() + " IS NULL)")
                .collect(Collectors.joining(" AND "));
        return slots.size() == 1
                ? each
                : each + " AND EXISTS (SELECT FROM _touched WHERE _touched._id = ROW("
                        + Sql.list(slots, s -> alias + "." + s.name()) + "))";
    }
}
