package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The groups of a SELECT and the parts of its aggregates.
 *
 * @param keys what is grouped by, by the name of the result's column, as it goes to Postgres
 * @param rules how each aggregate is kept, in the order of their parts in the state
 * @param visible what readers see, by the name of the result's column, out of the state
 * @param having which groups they see, out of the state
 * @param computed names of visible columns that are neither a group nor an aggregate as it is
 * @param guards of what is computed, by the name of the column; {@link #HAVING} for the condition. Empty before there is a
 *     table
 */
record Groups(
        LinkedHashMap<String, String> keys,
        List<MergeRule> rules,
        Map<String, String> visible,
        Optional<String> having,
        Set<String> computed,
        Map<String, Guard> guards) {

    /** No column is called so. */
    static final String HAVING = "";

    Groups(
            LinkedHashMap<String, String> keys,
            List<MergeRule> rules,
            Map<String, String> visible,
            Optional<String> having,
            Set<String> computed) {
        this(keys, rules, visible, having, computed, Map.of());
    }

    /** The same, where what can't be computed for a row fails for that row alone. */
    Groups guarded(SqlStateTable state, Map<String, String> types) {
        Map<String, Guard> all = new LinkedHashMap<>();
        visible.forEach((name, expression) -> {
            if (computed.contains(name)) {
                all.put(name, Guard.of(state, expression, types.get(name)));
            }
        });
        having.ifPresent(condition -> all.put(HAVING, Guard.of(state, condition, "boolean")));
        // Where nothing of the row is used, nothing can fail for it.
        all.values().removeIf(guard -> guard.parameters().isEmpty());
        return new Groups(keys, rules, visible, having, computed, all);
    }

    /** What a reader sees of a column, out of the state. */
    String shown(String column) {
        return guards.containsKey(column) ? guards.get(column).value() : visible.get(column);
    }

    /** Which groups they see. */
    Optional<String> shownWhere() {
        return having.map(
                condition -> guards.containsKey(HAVING) ? guards.get(HAVING).value() : condition);
    }

    /** The key of a SELECT without groups, which has one row. */
    static final Column ALL =
            new Column("_all", ColumnType.of(ColumnType.Kind.INT), true, "1: the one row that there is");

    List<String> stateKey() {
        return keys.isEmpty() ? List.of(ALL.name()) : List.copyOf(keys.keySet());
    }

    /** The parts of the n-th rule follow those of the rules before it. */
    private int first(int rule) {
        return rules.subList(0, rule).stream().mapToInt(r -> r.parts().size()).sum();
    }

    static String part(int number) {
        return "_s" + (number + 1);
    }

    /** What the parts of a rule are called, by their index within the rule. */
    IntFunction<String> parts(int rule, String alias) {
        int first = first(rule);
        return index -> (alias.isEmpty() ? "" : alias + ".") + part(first + index);
    }

    /** What becomes of parts when what they are kept of is floating point from now on. */
    List<SqlStateTable.Conversion> conversions() {
        List<SqlStateTable.Conversion> conversions = new ArrayList<>();
        for (int rule = 0; rule < rules.size(); rule++) {
            IntFunction<String> names = parts(rule, "");
            List<MergeRule.Part> parts = rules.get(rule).parts();
            for (int i = 0; i < parts.size(); i++) {
                String part = names.apply(i);
                parts.get(i)
                        .ofExact()
                        .ifPresent(value -> conversions.add(new SqlStateTable.Conversion(
                                part, List.of(part), Optional.of("numeric"), value.apply(names))));
            }
        }
        return conversions;
    }

    /** The SELECT list of a statement that gives groups and parts. */
    String partials() {
        List<String> selected = new ArrayList<>();
        keys.forEach((name, key) -> selected.add(key + " AS " + Sql.quote(name)));
        if (keys.isEmpty()) {
            selected.add("1 AS " + ALL.name());
        }
        for (int rule = 0; rule < rules.size(); rule++) {
            IntFunction<String> names = parts(rule, "");
            List<MergeRule.Part> parts = rules.get(rule).parts();
            for (int i = 0; i < parts.size(); i++) {
                selected.add(parts.get(i).partial() + " AS " + names.apply(i));
            }
        }
        return String.join(", ", selected);
    }

    /** The groups' keys and the aggregates' parts, of what the given FROM and WHERE yield. */
    String partials(String fromWhere) {
        return "SELECT " + partials() + "\n" + fromWhere + groupBy();
    }

    /** Merges partial results into the state, in the order of the groups. */
    String merge(SqlStateTable state, String partials) {
        String key = Sql.list(stateKey(), Sql::quote);
        String merges = merges("_old", "excluded");
        return "INSERT INTO " + state.name() + " AS _old ("
                + Sql.list(List.copyOf(state.columns().keySet()), Sql::quote) + ")\n" + partials + "\nORDER BY " + key
                + "\nON CONFLICT (" + key + ") DO " + (merges.isEmpty() ? "NOTHING" : "UPDATE SET " + merges);
    }

    /** What readers see of these columns, out of the state. */
    String selected(List<Column> columns) {
        return Sql.list(
                columns, c -> "(" + shown(c.name()) + ")::" + c.type().postgres() + " AS " + Sql.quote(c.name()));
    }

    /** A part, as an aggregate over several rows that have it. */
    String combined(String part) {
        for (int rule = 0; rule < rules.size(); rule++) {
            List<MergeRule.Part> parts = rules.get(rule).parts();
            for (int i = 0; i < parts.size(); i++) {
                if (part(first(rule) + i).equals(part)) {
                    return parts.get(i).combine().apply(parts(rule, ""));
                }
            }
        }
        throw new IllegalArgumentException("no part " + part);
    }

    /** Arrays of the state that only merging needs, and nobody sees. */
    List<String> unseenArrays(SqlStateTable state) {
        List<String> unseen = new ArrayList<>();
        for (int rule = 0; rule < rules.size(); rule++) {
            IntFunction<String> names = parts(rule, "");
            IntStream.range(0, rules.get(rule).parts().size())
                    .mapToObj(names)
                    .filter(part -> state.type(part).endsWith("[]") && !isSeen(part))
                    .forEach(unseen::add);
        }
        return unseen;
    }

    private boolean isSeen(String part) {
        return Stream.concat(visible.values().stream(), having.stream()).anyMatch(seen -> uses(seen, part));
    }

    /** How each of the result's columns is kept. */
    Map<String, String> description() {
        Map<String, String> description = new LinkedHashMap<>();
        visible.forEach((name, expression) -> {
            List<String> used = new ArrayList<>();
            for (int rule = 0; rule < rules.size(); rule++) {
                if (uses(expression, rule)) {
                    used.add(rules.get(rule).description());
                }
            }
            description.put(
                    name, keys.containsKey(name) ? "what is grouped by" : String.join("; ", used) + ": " + expression);
        });
        return description;
    }

    private boolean uses(String expression, int rule) {
        IntFunction<String> names = parts(rule, "");
        return IntStream.range(0, rules.get(rule).parts().size()).anyMatch(i -> uses(expression, names.apply(i)));
    }

    private static boolean uses(String expression, String part) {
        return expression.matches("(?s).*\\b" + part + "\\b.*");
    }

    private String groupBy() {
        return keys.isEmpty()
                ? ""
                : "\nGROUP BY "
                        + IntStream.rangeClosed(1, keys.size())
                                .mapToObj(Integer::toString)
                                .collect(Collectors.joining(", "));
    }

    /** Assignments that merge the parts of one row into those of another; empty without aggregates. */
    String merges(String existing, String incoming) {
        List<String> merges = new ArrayList<>();
        for (int rule = 0; rule < rules.size(); rule++) {
            List<MergeRule.Part> parts = rules.get(rule).parts();
            for (int i = 0; i < parts.size(); i++) {
                merges.add(part(first(rule) + i) + " = "
                        + parts.get(i).merge().of(parts(rule, existing), parts(rule, incoming)));
            }
        }
        return String.join(", ", merges);
    }
}
