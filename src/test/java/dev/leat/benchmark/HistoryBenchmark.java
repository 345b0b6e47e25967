package dev.leat.benchmark;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.pipeline.View;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnRows;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.view.lane.ViewsFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a batch of 10,000 events costs in each kind of view: keys of a few events each, one in a hundred late. Run it by
 * hand: each view takes the same batches in turn, and the medians are printed, of the first rounds and of the last.
 */
public final class HistoryBenchmark {

    private static final int BATCH = 10_000;
    private static final int KEYS = 100_000;
    private static final int ROUNDS = 60;
    private static final Shape SHAPE = ColumnRows.shape(
            new Column("id", ColumnType.of(Kind.STRING), true, ""),
            ColumnRows.column("at", Kind.TIMESTAMP),
            ColumnRows.column("vendor", Kind.INT),
            ColumnRows.column("amount", Kind.DOUBLE),
            ColumnRows.column("distance", Kind.DOUBLE),
            ColumnRows.column("zone", Kind.STRING),
            ColumnRows.column("note", Kind.STRING));
    private static final Stream STREAM =
            new StreamFixture("events", "topic").key("id").eventTime("at").build();

    private HistoryBenchmark() {}

    public static void main(String[] arguments) {
        try (ViewsFixture views = new ViewsFixture()) {
            Rows none = new ColumnRows(STREAM, SHAPE, 0).build();
            Map<String, ViewsFixture.Applied> kinds = new LinkedHashMap<>();
            kinds.put("log", views.view(STREAM, new View.Log("a_log", "events"), none));
            kinds.put(
                    "latest",
                    views.view(STREAM, new View.Latest("a_latest", "events", false, Duration.ofDays(30)), none));
            kinds.put("history", views.view(STREAM, new View.History("a_history", "events", List.of()), none));
            measure(kinds);
            views.rows("SELECT relname, pg_size_pretty(pg_total_relation_size(oid)) FROM pg_class WHERE relname IN"
                            + " ('a_log', 'a_latest', 'a_history', 'history_a_history')")
                    .forEach(System.out::println);
        }
        System.exit(0); // the shared servers' pipes would keep this process
    }

    private static void measure(Map<String, ViewsFixture.Applied> kinds) {
        Map<String, List<Long>> nanos = new LinkedHashMap<>();
        Random random = new Random(42);
        for (int round = 0; round < ROUNDS; round++) {
            Rows rows = rows(random, (long) round * BATCH);
            kinds.forEach((kind, view) -> {
                long begin = System.nanoTime();
                view.apply(rows);
                nanos.computeIfAbsent(kind, k -> new ArrayList<>()).add(System.nanoTime() - begin);
            });
        }
        nanos.forEach((kind, all) -> System.out.printf(
                "%-10s %7.1f ms a batch at first, %7.1f ms at last%n",
                kind, median(all.subList(ROUNDS / 6, ROUNDS / 2)), median(all.subList(ROUNDS / 2, ROUNDS))));
    }

    private static double median(List<Long> nanos) {
        return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow() / 1e6;
    }

    private static Rows rows(Random random, long offset) {
        ColumnRows rows = new ColumnRows(STREAM, SHAPE, 0);
        for (int i = 0; i < BATCH; i++) {
            long late = random.nextInt(100) == 0 ? random.nextInt(50_000) : 0;
            rows.add(
                    offset + i,
                    0,
                    "key-" + random.nextInt(KEYS),
                    (offset + i + 60_000 - late) * 1000,
                    random.nextInt(4),
                    random.nextDouble(),
                    random.nextDouble(),
                    "zone " + random.nextInt(260),
                    "a note that is as long as notes are");
        }
        return rows.build();
    }
}
