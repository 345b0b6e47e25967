package dev.leat.benchmark;

import dev.leat.stack.LeatProcess;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** How soon a started application is there, and what it takes when nothing flows. */
final class Footprint {

    private static final Duration SETTLE = Duration.ofSeconds(Options.SECONDS / 2);
    private static final Duration UNTIL_FIRST = Duration.ofMillis(5);
    private static final Duration WATCH = Duration.ofSeconds(Options.SECONDS);

    private Footprint() {}

    /**
     * A row of Markdown.
     *
     * @param run of a topic that holds rides already
     */
    static String measure(String title, Run run, Leat application) {
        try (Postgres postgres = new Postgres(run.database())) {
            application.prepare(run, postgres);
            LatestTable table = new LatestTable(postgres, "views.rides_latest", run.topic());
            long begin = System.nanoTime();
            LeatProcess leat = application.process(run);
            try {
                CompletableFuture<Double> ready = CompletableFuture.supplyAsync(() -> {
                    leat.awaitReady();
                    return secondsSince(begin);
                });
                while (table.arrived() == 0 && !ready.isCompletedExceptionally()) {
                    LockSupport.parkNanos(UNTIL_FIRST.toNanos());
                }
                double first = secondsSince(begin);
                ready.join();
                LockSupport.parkNanos(SETTLE.toNanos());
                long cpu = Processes.cpuMicros(leat.pid());
                LockSupport.parkNanos(WATCH.toNanos());
                double busy = (Processes.cpuMicros(leat.pid()) - cpu) / 1e4 / WATCH.toSeconds();
                return String.format(
                        Locale.ROOT,
                        "| %s | %.1f s | %.1f s | %,.0f MB | %.1f %% |%n",
                        title,
                        ready.join(),
                        first,
                        Processes.residentBytes(leat.pid()) / 1e6,
                        busy);
            } finally {
                // in order, because a JVM that is to write a cache does so then
                leat.terminate();
            }
        }
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
