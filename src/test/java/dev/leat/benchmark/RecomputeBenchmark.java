package dev.leat.benchmark;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a batch costs a view that is computed again where events touch it, beside the same SELECT over everything. By the size
 * of its groups, and for a join of eight tables. Run it by hand; medians are printed.
 */
public final class RecomputeBenchmark {

    private static final int EVENTS = Integer.getInteger("leat.benchmark.events", 100_000);
    private static final int A_BATCH = 100;
    private static final int ROUNDS = 15;

    private RecomputeBenchmark() {}

    public static void main(String[] arguments) {
        System.out.printf(
                "| rows a group | median, ms a batch | top 3, ms a batch | both from scratch, ms |%n|--:|--:|--:|--:|%n");
        for (int size : List.of(10, 100, 1_000, 10_000, 100_000)) {
            if (size <= EVENTS) {
                groups(size);
            }
        }
        System.out.printf("%n| rows a table | eight joined, ms a batch | from scratch, ms |%n|--:|--:|--:|%n");
        for (int rows : List.of(1_000, 10_000, 100_000)) {
            eight(rows);
        }
        System.exit(0); // the shared servers' pipes would keep this process
    }

    /** So many events, of which a batch has one for each of as many groups as it can. */
    private static void groups(int size) {
        int groups = EVENTS / size;
        Map<String, String> selects = Map.of(
                "median",
                "SELECT g, percentile_disc(0.5) WITHIN GROUP (ORDER BY n) AS m FROM a GROUP BY g",
                "top",
                "SELECT * FROM (SELECT g, id, n, row_number() OVER (PARTITION BY g ORDER BY n DESC, id) AS place FROM a)"
                        + " AS q WHERE place <= 3");
        Map<String, Double> millis = new LinkedHashMap<>();
        double scratch = 0;
        for (String name : List.of("median", "top")) {
            try (ViewsFixture database = new ViewsFixture()) {
                SqlFixture views = new SqlFixture(
                        database, """
                        streams:
                          a: {topic: t.a, event-time: at}
                        views:
                          a_log: {log: a}
                          v: {sql: "%s"}
                        """.formatted(selects.get(name)), Map.of("a", "id:LONG! g:INT n:INT at:TIMESTAMP!"));
                Random random = new Random(7);
                IntConsumer event = i -> views.event(
                        "a", 0, (long) i, (long) random.nextInt(groups), (long) random.nextInt(1_000_000), (long) i);
                fill(views, EVENTS, event);
                millis.put(name, median(() -> batch(views, event)));
                scratch += median(() -> views.rows(
                        "SELECT count(*) FROM (" + selects.get(name).replace("FROM a", "FROM views.a_log") + ") AS q"));
            }
        }
        System.out.printf(
                Locale.ROOT, "| %d | %.1f | %.1f | %.1f |%n", size, millis.get("median"), millis.get("top"), scratch);
    }

    /** Tables that are joined one with the next, and of which each in turn is updated. */
    private static void eight(int rows) {
        List<String> tables = IntStream.range(0, 8).mapToObj(i -> "t" + i).toList();
        String select = "SELECT t0.id, "
                + tables.stream().map(t -> t + ".n AS n" + t.substring(1)).collect(Collectors.joining(", "))
                + " FROM t0"
                + IntStream.range(1, 8)
                        .mapToObj(i -> " JOIN t%d ON t%d.id = t%d.next".formatted(i, i, i - 1))
                        .collect(Collectors.joining());
        StringBuilder yaml = new StringBuilder("streams:\n");
        tables.forEach(t -> yaml.append("  s_%1$s: {topic: t.%1$s, key: id}\n".formatted(t)));
        yaml.append("views:\n");
        tables.forEach(t -> yaml.append("  %1$s: {latest: s_%1$s}\n".formatted(t)));
        yaml.append("  v:\n    materialized: true\n    sql: ").append(select).append("\n");
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = new SqlFixture(
                    database,
                    yaml.toString(),
                    tables.stream().collect(Collectors.toMap(t -> "s_" + t, t -> "id:LONG! next:LONG n:LONG")));
            Random random = new Random(7);
            for (String table : tables) {
                fill(views, rows, i -> views.event("s_" + table, 0, (long) i, (long) random.nextInt(rows), (long) i));
            }
            double batch = median(() -> batch(
                    views,
                    i -> views.event(
                            "s_" + tables.get((i / A_BATCH) % 8),
                            0,
                            (long) random.nextInt(rows),
                            (long) random.nextInt(rows),
                            (long) i)));
            double scratch = median(() -> views.rows("SELECT count(*), "
                    + IntStream.range(0, 8).mapToObj(i -> "sum(n" + i + ")").collect(Collectors.joining(", "))
                    + " FROM (" + select.replaceAll("(FROM|JOIN) (t\\d)", "$1 views.$2 AS $2") + ") AS q"));
            System.out.printf(Locale.ROOT, "| %d | %.1f | %.1f |%n", rows, batch, scratch);
        }
    }

    private static void fill(SqlFixture views, int events, IntConsumer event) {
        for (int i = 0; i < events; i++) {
            event.accept(i);
            if (i % 10_000 == 9_999) {
                views.flush();
            }
        }
        views.flush();
        views.rows("ANALYZE");
    }

    private static int sent = 10_000_000;

    private static void batch(SqlFixture views, IntConsumer event) {
        for (int i = 0; i < A_BATCH; i++) {
            event.accept(sent++);
        }
        views.flush();
    }

    private static double median(Runnable run) {
        return IntStream.range(0, ROUNDS)
                        .mapToLong(round -> {
                            long begin = System.nanoTime();
                            run.run();
                            return System.nanoTime() - begin;
                        })
                        .skip(ROUNDS / 3)
                        .sorted()
                        .skip(ROUNDS / 3)
                        .findFirst()
                        .orElseThrow()
                / 1e6;
    }
}
