package dev.leat.benchmark;

import dev.leat.catalog.BatchParameters;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.ValueRows;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.sql.SqlView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a batch of 10,000 events costs a view with groups, grouped in the process and by Postgres, for few groups and for
 * many. Run it by hand: each view takes the same batches in turn, and the medians are printed.
 */
public final class GroupsBenchmark {

    private static final int BATCH = 10_000;
    private static final int ROUNDS = 60;
    private static final Shape SHAPE = ValueRows.shape("id:STRING! few:INT many:LONG total:DOUBLE at:TIMESTAMP!");
    private static final Pipeline PIPELINE = SqlFixture.read("""
            streams:
              rides: {topic: t.rides, event-time: at}
            views:
              few_reduced: {sql: 'SELECT few, count(*) AS n, sum(total) AS s, max(total) AS m FROM rides GROUP BY few'}
              few_asked: {sql: 'SELECT few, count(*) AS n, sum(total) AS s, max(total) AS m FROM rides WHERE true GROUP BY few'}
              many_reduced: {sql: 'SELECT many, count(*) AS n, sum(total) AS s, max(total) AS m FROM rides GROUP BY many'}
              many_asked: {sql: 'SELECT many, count(*) AS n, sum(total) AS s, max(total) AS m FROM rides WHERE true GROUP BY many'}
            """);

    private GroupsBenchmark() {}

    public static void main(String[] arguments) {
        try (ViewsFixture database = new ViewsFixture()) {
            Map<String, SqlView> views = new LinkedHashMap<>();
            PIPELINE.views().forEach((name, view) -> {
                SqlView made = new SqlView(PIPELINE, "views", (View.Sql) view, tx -> true);
                database.inTransaction(tx -> made.ensureInTransaction(tx, Map.of("rides", SHAPE), Map.of()));
                made.connect(null);
                views.put(name, made);
            });
            measure(database, views);
        }
        System.exit(0); // the shared servers' pipes would keep this process
    }

    private static void measure(ViewsFixture database, Map<String, SqlView> views) {
        Map<String, List<Long>> nanos = new LinkedHashMap<>();
        Random random = new Random(42);
        List<String> order = new ArrayList<>(views.keySet());
        for (int round = 0; round < ROUNDS; round++) {
            Rows rows = rows(random, (long) round * BATCH);
            java.util.Collections.shuffle(order, random);
            for (String name : order) {
                long begin = System.nanoTime();
                database.inTransaction(tx -> {
                    views.get(name).applyInTransaction(tx, rows, BatchParameters.all(rows));
                    return null;
                });
                if (round >= ROUNDS / 4) {
                    nanos.computeIfAbsent(name, k -> new ArrayList<>()).add(System.nanoTime() - begin);
                }
            }
        }
        for (String groups : List.of("few", "many")) {
            double reduced = median(nanos.get(groups + "_reduced"));
            double asked = median(nanos.get(groups + "_asked"));
            System.out.printf(
                    "%-5s reduced %6.1f ms a batch, asked %6.1f ms: %.1f times%n",
                    groups, reduced, asked, asked / reduced);
        }
    }

    private static double median(List<Long> nanos) {
        return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow() / 1e6;
    }

    private static Rows rows(Random random, long offset) {
        ValueRows rows = new ValueRows(PIPELINE.stream("rides"), SHAPE, 0);
        for (int i = 0; i < BATCH; i++) {
            rows.add(
                    offset + i,
                    0,
                    "ride " + (offset + i),
                    (long) random.nextInt(260),
                    (long) random.nextInt(20_000),
                    random.nextDouble() * 100,
                    1_700_000_000_000_000L + (offset + i) * 1000);
        }
        return rows.build();
    }
}
