package dev.leat.view.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * SELECTs at random, of whatever can be put together. Each gives the columns id (text), k (integer), g (text) and n (integer),
 * so that any may stand where another reads. Where the order of rows counts, it is complete.
 */
final class RandomSelects {

    private static final List<String> COLUMNS = List.of("id", "k", "g", "n");
    private static final List<String> ALIASES = List.of("q", "\"select\"", "\"Q q\"", "\"ä\"\"ö\"", "limits", "\"a\"");

    private final Random random;
    private final List<String> relations;
    private int aliases;

    RandomSelects(Random random, List<String> relations) {
        this.random = random;
        this.relations = relations;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String alias() {
        String alias = one(ALIASES);
        String number = String.valueOf(++aliases);
        return alias.endsWith("\"") ? alias.substring(0, alias.length() - 1) + number + "\"" : alias + number;
    }

    String query(int depth) {
        return switch (random.nextInt(depth > 0 ? 11 : 8)) {
            case 0, 1 -> joined(depth, "");
            case 2, 3 -> grouped(depth);
            case 4 -> joined(depth, "DISTINCT ");
            case 5 -> newest(depth);
            case 6 -> ranked(depth);
            case 7 -> first(depth);
            case 8 -> united(depth);
            case 9 -> filtered(depth);
            default -> named(depth);
        };
    }

    /** What stands in FROM, and the aliases. */
    private record From(String text, List<String> aliases, String first) {
        String column(Random random, String column) {
            return aliases.get(random.nextInt(aliases.size())) + "." + column;
        }
    }

    private String source(int depth) {
        return depth > 0 && random.nextInt(3) == 0 ? "(" + query(depth - 1) + ")" : one(relations);
    }

    private From from(int depth) {
        List<String> known = new ArrayList<>(List.of(alias()));
        String first = source(depth);
        StringBuilder text = new StringBuilder(first + " AS " + known.getFirst());
        int joins = random.nextInt(3);
        boolean certain = joins != 1;
        for (int i = 0; i < joins; i++) {
            String alias = alias();
            String join = one(
                    certain
                            ? List.of("JOIN", "LEFT JOIN", "JOIN")
                            : List.of("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "LEFT OUTER JOIN"));
            String other = one(known);
            List<String> on = new ArrayList<>(List.of("k", "g", "n"));
            on.remove(random.nextInt(3));
            text.append(" " + join + " ")
                    .append(random.nextInt(4) == 0 ? first : source(depth))
                    .append(" AS " + alias + " ON ")
                    .append(on.stream()
                            .map(c -> other + "." + c + " = " + alias + "." + c)
                            .collect(Collectors.joining(" AND ")));
            if (!join.equals("FULL JOIN") && random.nextInt(5) == 0) {
                text.append(" AND " + alias + ".n > " + random.nextInt(10));
            }
            known.add(alias);
        }
        return new From(text.toString(), known, first);
    }

    private String where(From from, int depth) {
        if (random.nextInt(2) == 0) {
            return "";
        }
        List<String> all = IntStream.range(0, 1 + random.nextInt(2))
                .mapToObj(i -> condition(from, depth))
                .toList();
        return " WHERE " + String.join(random.nextBoolean() ? " AND " : " OR ", all);
    }

    private String condition(From from, int depth) {
        String alias = alias();
        String other =
                switch (random.nextInt(6)) {
                    case 0 -> depth > 0 ? "(" + query(depth - 1) + ")" : one(relations);
                    case 1, 2 -> from.first();
                    default -> one(relations);
                };
        return switch (random.nextInt(13)) {
            case 0 -> from.column(random, "n") + " > " + random.nextInt(20);
            case 1 -> from.column(random, "g") + " IN ('x', E'\\x79', $$z$$)";
            case 2 -> from.column(random, "g") + " IS DISTINCT FROM 'x'";
            case 3 ->
                "EXISTS (SELECT 1 FROM " + other + " AS " + alias + " WHERE " + alias + ".k = "
                        + from.column(random, "k") + " AND " + alias + ".n > " + random.nextInt(10) + ")";
            case 4 ->
                "NOT EXISTS (SELECT FROM " + other + " AS " + alias + " WHERE " + alias + ".g = "
                        + from.column(random, "g") + " AND " + alias + ".k = " + from.column(random, "k") + ")";
            case 5 -> from.column(random, "k") + " IN (SELECT k FROM " + other + " AS " + alias + ")";
            case 6 ->
                from.column(random, "n") + " NOT IN (SELECT n FROM " + other + " AS " + alias
                        + " WHERE n IS NOT NULL AND n < 15)";
            case 7 ->
                from.column(random, "n") + " >= (SELECT avg(n) FROM " + other + " AS " + alias + " WHERE " + alias
                        + ".g = " + from.column(random, "g") + ")";
            case 8 -> from.column(random, "n") + " >= (SELECT avg(n) FROM " + other + " AS " + alias + " WHERE n < 15)";
            case 9 ->
                from.column(random, "k") + one(List.of(" IN ", " NOT IN ")) + "(SELECT k FROM " + other + " AS " + alias
                        + " GROUP BY k HAVING count(*) > 1)";
            case 10 -> from.column(random, "k") + " NOT IN (SELECT k FROM " + other + " AS " + alias + " WHERE n > 9)";
            case 11 -> from.column(random, "k") + " IN (SELECT k FROM " + other + " AS " + alias + ") IS NOT NULL";
            default -> "coalesce(" + from.column(random, "k") + ", 2) <= " + random.nextInt(5);
        };
    }

    private String joined(int depth, String distinct) {
        From from = from(depth);
        List<String> items = new ArrayList<>();
        for (String column : COLUMNS) {
            String value = from.column(random, column);
            items.add(switch (column) {
                        case "n" -> random.nextInt(4) == 0 ? "(" + value + " + 1)" : value;
                        case "g" -> random.nextInt(4) == 0 ? "lower(" + value + ")" : value;
                        default -> value;
                    }
                    + " AS " + column);
        }
        return "SELECT " + distinct
                + (from.aliases().size() == 1 && random.nextInt(4) == 0
                        ? String.join(", ", COLUMNS)
                        : String.join(", ", items))
                + " FROM " + from.text()
                + where(from, depth);
    }

    private String grouped(int depth) {
        From from = from(depth);
        String k = from.column(random, "k");
        String g = random.nextBoolean() ? from.column(random, "g") : "upper(" + from.column(random, "g") + ")";
        String n = from.column(random, "n");
        String aggregate = one(List.of(
                "count(*)",
                "sum(" + n + ")",
                "count(DISTINCT " + n + ")",
                "max(" + n + ")",
                "min(" + n + ") FILTER (WHERE " + n + " > 3)",
                "percentile_disc(0.5) WITHIN GROUP (ORDER BY " + n + ")",
                "avg(" + n + ")",
                "(bool_or(" + n + " > 15)::int + count(*) FILTER (WHERE " + n + " < 9))",
                "sum(DISTINCT " + n + ")",
                "mode() WITHIN GROUP (ORDER BY " + n + ")"));
        String id = one(List.of("min(", "max(")) + from.column(random, "id") + ")";
        String having = random.nextInt(3) == 0 ? " HAVING count(*) > " + random.nextInt(3) : "";
        String rest = " FROM " + from.text() + where(from, depth) + " GROUP BY ";
        return switch (random.nextInt(4)) {
            case 0 ->
                "SELECT " + id + " AS id, " + k + " AS k, " + g + " AS g, " + aggregate + "::int AS n" + rest + k + ", "
                        + g + having;
            case 1 ->
                "SELECT " + id + " AS id, " + k + " AS k, min(" + g + ") AS g, " + aggregate + "::int AS n" + rest + "2"
                        + having;
            case 2 ->
                "SELECT " + id + " AS id, count(*)::int AS k, " + g + " AS g, " + aggregate + "::int AS n" + rest + g
                        + having;
            default ->
                "SELECT " + id + " AS id, count(" + k + ")::int AS k, max(" + g + ") AS g, " + aggregate
                        + "::int AS n FROM " + from.text() + where(from, depth);
        };
    }

    private String newest(int depth) {
        String alias = alias();
        String on = one(List.of("g", "k", "k, g"));
        return "SELECT DISTINCT ON (" + on + ") id, k, g, n FROM " + source(depth) + " AS " + alias + " ORDER BY " + on
                + ", n DESC NULLS LAST, id, k, g" + (random.nextInt(4) == 0 ? " LIMIT " + (1 + random.nextInt(5)) : "");
    }

    private String ranked(int depth) {
        From from = from(depth);
        String by = from.column(random, one(List.of("g", "k")));
        String order = from.column(random, "n");
        String function = one(List.of(
                "rank() OVER w",
                "sum(" + order + ") OVER w",
                "count(*) OVER (PARTITION BY " + by + ")",
                "dense_rank() OVER w"));
        return "SELECT " + from.column(random, "id") + " AS id, " + from.column(random, "k") + " AS k, "
                + from.column(random, "g") + " AS g, (" + function + ")::int AS n FROM " + from.text()
                + where(from, depth)
                + " WINDOW w AS (PARTITION BY " + by + " ORDER BY " + order + ")";
    }

    private String first(int depth) {
        From from = from(depth);
        if (random.nextInt(3) == 0) {
            String k = from.column(random, "k");
            String n = from.column(random, "n");
            return "SELECT max(" + from.column(random, "id") + ") AS id, " + k + ", max(" + from.column(random, "g")
                    + ") AS g, sum(" + n + ")::int AS n FROM " + from.text() + where(from, depth) + " GROUP BY " + k
                    + " ORDER BY count(" + n + ") DESC, 4 DESC NULLS LAST, id, k FETCH FIRST " + (1 + random.nextInt(3))
                    + " ROWS ONLY";
        }
        String items =
                COLUMNS.stream().map(c -> from.column(random, c) + " AS " + c).collect(Collectors.joining(", "));
        return "SELECT id, k, g, n FROM (SELECT " + items + " FROM " + from.text() + where(from, depth) + ") AS "
                + alias() + " ORDER BY n DESC NULLS LAST, id, k, g LIMIT " + (1 + random.nextInt(5));
    }

    private String united(int depth) {
        String operator = one(List.of("UNION ALL", "UNION", "EXCEPT", "INTERSECT", "UNION ALL"));
        return "(" + query(depth - 1) + ") " + operator + " (" + query(depth - 1) + ")";
    }

    private String filtered(int depth) {
        String alias = alias();
        From from = new From("(" + query(depth - 1) + ") AS " + alias, List.of(alias), one(relations));
        return "SELECT * FROM " + from.text() + " WHERE " + condition(from, 0);
    }

    private String named(int depth) {
        String name = "named" + ++aliases;
        String x = alias();
        String y = alias();
        String other = one(List.of(name, one(relations)));
        return "WITH %1$s AS (%2$s) SELECT %3$s.id, %4$s.k, %3$s.g, %4$s.n FROM %1$s AS %3$s JOIN %5$s AS %4$s ON %3$s.k = %4$s.k AND %3$s.g = %4$s.g"
                .formatted(name, query(depth - 1), x, y, other);
    }
}
