package dev.leat.benchmark;

import dev.leat.stack.LeatProcess;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** What a started application takes when nothing flows. */
final class Footprint {

    private static final Duration SETTLE = Duration.ofSeconds(Options.SECONDS / 2);
    private static final Duration WATCH = Duration.ofSeconds(Options.SECONDS);

    private Footprint() {}

    /** A row of Markdown. */
    static String measure(String title, Run run, Leat application) {
        try (Postgres postgres = new Postgres(run.database())) {
            application.prepare(run, postgres);
        }
        long begin = System.nanoTime();
        LeatProcess leat = application.process(run);
        try {
            leat.awaitReady();
            double ready = (System.nanoTime() - begin) / 1e9;
            LockSupport.parkNanos(SETTLE.toNanos());
            long cpu = Processes.cpuMicros(leat.pid());
            LockSupport.parkNanos(WATCH.toNanos());
            double busy = (Processes.cpuMicros(leat.pid()) - cpu) / 1e4 / WATCH.toSeconds();
            return String.format(
                    Locale.ROOT,
                    "| %s | %.1f s | %,.0f MB | %.1f %% |%n",
                    title,
                    ready,
                    Processes.residentBytes(leat.pid()) / 1e6,
                    busy);
        } finally {
            // in order, because a JVM that is to write a cache does so then
            leat.terminate();
        }
    }
}
