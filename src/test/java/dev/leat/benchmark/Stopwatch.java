package dev.leat.benchmark;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Watches a contender until all its rows are where they must be, and counts them. */
final class Stopwatch {

    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final Duration UNTIL_FIRST = Duration.ofMillis(20);
    private static final Duration BETWEEN = Duration.ofMillis(100);
    /** An end that is late shows in the figures only if it is later than that. */
    private static final Duration SETTLE = Duration.ofSeconds(60);

    /** What had been used when so many rows had arrived. */
    private record Sample(long nanos, long rows, long cpuMicros, long postgresMicros) {}

    private final Run run;
    private final Started started;
    private final Sink sink;
    private final long postgresPid;
    private final long begin;

    private Stopwatch(Run run, Started started, Sink sink, long postgresPid, long begin) {
        this.run = run;
        this.started = started;
        this.sink = sink;
        this.postgresPid = postgresPid;
        this.begin = begin;
    }

    static Outcome measure(Contender contender, Run run) {
        try (Postgres postgres = new Postgres(run.database())) {
            Sink sink = contender.prepare(run, postgres);
            postgres.execute("CHECKPOINT");
            long begin = System.nanoTime();
            try (Started started = contender.start(run)) {
                return new Stopwatch(run, started, sink, postgres.serverPid(), begin).watch();
            }
        }
    }

    private Outcome watch() {
        Sample start = sample(0);
        Sample first = null;
        Sample warm = null;
        Sample last = start;
        while (last.rows < run.topic().rows()) {
            if (!started.isAlive()) {
                return new Outcome.Skipped("ended with: " + started.lastWords());
            }
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new AssertionError(run.name() + " is not done after " + PATIENCE + ": " + sink.found() + "\n"
                        + started.lastWords());
            }
            LockSupport.parkNanos((first == null ? UNTIL_FIRST : BETWEEN).toNanos());
            last = sample(sink.arrived());
            first = first == null && last.rows > 0 ? last : first;
            warm = warm == null && last.rows >= run.topic().rows() / 4 ? last : warm;
        }
        last = settled(last);
        long peak = started.peakResidentBytes();
        boolean cold = warm.rows > run.topic().rows() * 3L / 4;
        Sample from = cold ? start : warm;
        double rows = last.rows - from.rows;
        return new Outcome.Measured(
                rows / seconds(from.nanos, last.nanos),
                cold,
                (last.cpuMicros - from.cpuMicros) / rows,
                (last.postgresMicros - from.postgresMicros) / rows,
                peak,
                seconds(begin, first.nanos),
                (double) sink.bytes() / run.topic().rows());
    }

    /** The last rows may be seen a moment before some others are. */
    private Sample settled(Sample last) {
        Sample settled = last;
        while (!sink.isRight()) {
            if (System.nanoTime() - last.nanos > SETTLE.toNanos()) {
                throw new AssertionError(run.name() + " has not what it should: " + sink.found());
            }
            LockSupport.parkNanos(BETWEEN.toNanos());
            settled = sample(run.topic().rows());
        }
        return settled;
    }

    private Sample sample(long rows) {
        return new Sample(System.nanoTime(), rows, started.cpuMicros(), Processes.cpuMicros(postgresPid));
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }
}
