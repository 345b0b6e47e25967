package dev.leat.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/** How the cost of {@code latest} grows with instances, columns and views. */
final class Curves {

    private static final int PARTITIONS = 6;
    private static final int COLUMNS = 12;

    /** Sends so many rides of so many columns to a new topic of so many partitions. */
    interface Topics {
        RideTopic produced(int rows, int partitions, int columns);
    }

    private final int rows;
    private final List<String> jvmOptions;
    private final Topics topics;
    private final BiFunction<Contender, RideTopic, Outcome> once;

    Curves(int rows, List<String> jvmOptions, Topics topics, BiFunction<Contender, RideTopic, Outcome> once) {
        this.rows = rows;
        this.jvmOptions = jvmOptions;
        this.topics = topics;
        this.once = once;
    }

    /** As Markdown; fewer rides where each costs more, so that all take about as long. */
    String measure() {
        StringBuilder text = new StringBuilder("""
                | `latest` | rides | rows/s | CPU µs a row | Postgres's |
                |---|--:|--:|--:|--:|
                """);
        for (int instances : List.of(1, 2, 4)) {
            int partitions = instances * PARTITIONS;
            String title = "%d partitions, instances: %d".formatted(partitions, instances);
            point(text, title, new Variation(instances, 1, jvmOptions), topics.produced(rows, partitions, COLUMNS));
        }
        for (int columns : List.of(COLUMNS, 100, 1_000)) {
            RideTopic topic = topics.produced(grained(rows * 10L / columns), PARTITIONS, columns);
            point(text, "columns: %,d".formatted(columns), new Variation(1, 1, jvmOptions), topic);
        }
        for (int views : List.of(1, 10, 50)) {
            RideTopic topic = topics.produced(grained(rows / views), PARTITIONS, COLUMNS);
            point(text, "views: %d".formatted(views), new Variation(1, views, jvmOptions), topic);
        }
        return text.toString();
    }

    private static int grained(long rows) {
        return Options.grained(Math.toIntExact(Math.max(rows, 100_000)));
    }

    private void point(StringBuilder text, String title, Contender contender, RideTopic topic) {
        text.append(
                switch (once.apply(contender, topic)) {
                    case Outcome.Measured measured ->
                        String.format(
                                Locale.ROOT,
                                "| %s | %,d | %s%,.0f | %.1f | %.1f |%n",
                                title,
                                topic.rows(),
                                measured.cold() ? "cold " : "",
                                measured.rowsPerSecond(),
                                measured.cpuMicros(),
                                measured.postgresMicros());
                    case Outcome.Skipped(String reason) -> "| %s | | not measured: %s |%n".formatted(title, reason);
                });
    }
}
