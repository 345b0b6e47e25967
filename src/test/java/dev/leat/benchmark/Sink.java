package dev.leat.benchmark;

import java.util.List;

/** Where a contender's rows end up, looked at from outside and so that looking costs next to nothing. */
interface Sink {

    /** About how many of the topic's rides have arrived; all, only if the last ones have. */
    long arrived();

    /** Whether what is there is exactly what must be, as counted row by row. */
    boolean isRight();

    /** What it takes on disk; 0 where that is the database's matter. */
    default long bytes() {
        return 0;
    }

    /** What is there, for people. */
    String found();

    /** Several at once: as far as the slowest. */
    static Sink all(List<Sink> sinks) {
        return new Sink() {
            @Override
            public long arrived() {
                return sinks.stream().mapToLong(Sink::arrived).min().orElseThrow();
            }

            @Override
            public boolean isRight() {
                return sinks.stream().allMatch(Sink::isRight);
            }

            @Override
            public long bytes() {
                return sinks.stream().mapToLong(Sink::bytes).sum();
            }

            @Override
            public String found() {
                return String.join("; ", sinks.stream().map(Sink::found).toList());
            }
        };
    }

    /** As far as the first says, and right if the second is too. */
    static Sink proven(Sink progress, Sink proof) {
        return new Sink() {
            @Override
            public long arrived() {
                return progress.arrived();
            }

            @Override
            public boolean isRight() {
                return progress.isRight() && proof.isRight();
            }

            @Override
            public long bytes() {
                return proof.bytes();
            }

            @Override
            public String found() {
                return progress.found() + "; " + proof.found();
            }
        };
    }
}
