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
import java.util.UUID;

/**
 * What remembering deletes costs a batch of 10,000 events of `latest`: with no tombstone, with many, and with soft
 * deletes. Run it by hand: each view takes the same batches in turn, and the medians are printed.
 */
public final class LatestBenchmark {

    private static final int BATCH = 10_000;
    private static final int KEYS = 200_000;
    private static final int ROUNDS = 60;
    private static final int TOMBSTONES = 500_000;
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

    private LatestBenchmark() {}

    public static void main(String[] arguments) {
        try (ViewsFixture views = new ViewsFixture()) {
            Map<String, ViewsFixture.Applied> kinds = new LinkedHashMap<>();
            kinds.put("empty", view(views, "empty", false));
            kinds.put("full", view(views, "full", false));
            kinds.put("soft", view(views, "soft", true));
            views.run("INSERT INTO leat.tombstone_full SELECT gen_random_uuid()::text, 0, 0, to_timestamp(0) "
                    + "FROM generate_series(1, " + TOMBSTONES + "); ANALYZE leat.tombstone_full");
            measure(kinds);
        }
        System.exit(0); // the shared servers' pipes would keep this process
    }

    private static void measure(Map<String, ViewsFixture.Applied> kinds) {
        Map<String, List<Long>> nanos = new LinkedHashMap<>();
        Random random = new Random(42);
        List<String> order = new ArrayList<>(kinds.keySet());
        for (int round = 0; round < ROUNDS; round++) {
            Rows rows = rows(random, BATCH, (long) round * BATCH);
            java.util.Collections.shuffle(order, random);
            for (String kind : order) {
                long begin = System.nanoTime();
                kinds.get(kind).apply(rows);
                if (round >= ROUNDS / 4) {
                    nanos.computeIfAbsent(kind, k -> new ArrayList<>()).add(System.nanoTime() - begin);
                }
            }
        }
        double empty = median(nanos.get("empty"));
        kinds.keySet().forEach(kind -> {
            double median = median(nanos.get(kind));
            System.out.printf("%-10s %7.1f ms a batch, %.3f of empty%n", kind, median, median / empty);
        });
    }

    private static double median(List<Long> nanos) {
        return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow() / 1e6;
    }

    private static View.Latest latest(String name, boolean soft) {
        return new View.Latest(name, "events", soft, Duration.ofDays(30));
    }

    private static ViewsFixture.Applied view(ViewsFixture views, String name, boolean soft) {
        return views.view(STREAM, latest(name, soft), rows(new Random(1), 0, 0));
    }

    private static Rows rows(Random random, int count, long offset) {
        ColumnRows rows = new ColumnRows(STREAM, SHAPE, 0);
        for (int i = 0; i < count; i++) {
            String id = new UUID(0, random.nextInt(KEYS) * 0x9e3779b97f4a7c15L).toString();
            rows.add(
                    offset + i,
                    0,
                    id,
                    1_700_000_000_000_000L + (offset + i) * 1000,
                    (long) random.nextInt(5),
                    random.nextDouble(),
                    random.nextDouble(),
                    "zone " + random.nextInt(260),
                    "a text of some length that says nothing");
        }
        return rows.build();
    }
}
