package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The distinct values of each group, in a table beside the state. Exact with any number of lanes: a batch adds as many to the
 * group's count as are new.
 */
final class DistinctValues {

    private static final String VALUE = "_value";

    private final MergeRule.Values values;
    private final Groups groups;
    private final String count;
    private final String state;
    private final SqlStateTable seen;

    private DistinctValues(
            Groups groups, List<String> seenKey, int rule, MergeRule.Values values, SqlStateTable state) {
        this.values = values;
        this.groups = groups;
        this.count = groups.parts(rule, "").apply(0);
        this.state = state.name();
        LinkedHashMap<String, String> columns = new LinkedHashMap<>();
        List<String> key = new ArrayList<>(seenKey);
        key.forEach(name -> columns.put(name, state.columns().get(name)));
        columns.put(VALUE, values.type());
        key.add(VALUE);
        this.seen = new SqlStateTable(beside(state.name(), rule), columns, key);
    }

    /** Those of all aggregates that count distinct values. */
    static List<DistinctValues> of(Groups groups, SqlStateTable state) {
        return of(groups, groups.stateKey(), state);
    }

    /** The same, of groups that end with a window: by that, the values can be found in the order of time. */
    static List<DistinctValues> of(Groups groups, GroupedWindow window, SqlStateTable state) {
        List<String> key = new ArrayList<>(groups.stateKey());
        key.remove(window.column());
        key.addFirst(window.column());
        return of(groups, key, state);
    }

    private static List<DistinctValues> of(Groups groups, List<String> key, SqlStateTable state) {
        List<DistinctValues> all = new ArrayList<>();
        for (int i = 0; i < groups.rules().size(); i++) {
            int rule = i;
            groups.rules()
                    .get(i)
                    .values()
                    .ifPresent(values -> all.add(new DistinctValues(groups, key, rule, values, state)));
        }
        return List.copyOf(all);
    }

    /** No view's name has such a character in it. */
    private static String beside(String table, int rule) {
        return table.substring(0, table.length() - 1) + "#" + (rule + 1) + "\"";
    }

    SqlStateTable seen() {
        return seen;
    }

    /**
     * After the statement that writes the groups' rows, never before it. Lanes that share a group wait for each other on its
     * row there, so that none waits here for a value of another one, which could deadlock.
     */
    void applyInTransaction(Tx tx, BoundSelect bound) {
        tx.submit(statement(bound), bound.parameters().get());
    }

    String statement(BoundSelect bound) {
        String key = Sql.list(groups.stateKey(), Sql::quote);
        List<String> given = new ArrayList<>();
        for (Map.Entry<String, String> group : groups.keys().entrySet()) {
            given.add(group.getValue() + " AS " + Sql.quote(group.getKey()));
        }
        if (given.isEmpty()) {
            given.add("1 AS " + Groups.ALL.name());
        }
        return "WITH " + bound.with() + ",\n_new AS (INSERT INTO " + seen.name() + " (" + key + ", " + VALUE
                + ") SELECT DISTINCT " + key + ", " + VALUE + " FROM (SELECT " + String.join(", ", given) + ", "
                + values.value() + " AS " + VALUE + ", " + values.condition() + " AS _counts\n" + bound.fromWhere()
                + ") AS _all_values WHERE _counts AND " + VALUE + " IS NOT NULL ORDER BY " + key + ", " + VALUE
                + "\nON CONFLICT DO NOTHING RETURNING " + key + ")\nINSERT INTO " + state + " AS _old (" + key + ", "
                + count + ") SELECT " + key + ", count(*) FROM _new GROUP BY " + key + " ORDER BY " + key
                + "\nON CONFLICT (" + key + ") DO UPDATE SET " + count + " = coalesce(_old." + count
                + ", 0) + excluded." + count;
    }
}
