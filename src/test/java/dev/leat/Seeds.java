package dev.leat;

import java.util.stream.LongStream;

/**
 * Seeds of random tests. A build runs their short form: few cases. {@code -Dleat.random-runs=50} runs that many, each with
 * another seed; {@code -Dleat.seed=7} begins with that seed, to run a failed case again. A test shows its seed in its name,
 * its output or its message.
 */
public final class Seeds {

    private static final Integer RUNS = Integer.getInteger("leat.random-runs");
    private static final Long FIRST = Long.getLong("leat.seed");

    private Seeds() {}

    /** For a {@code @MethodSource}: in the short form one seed, always the same. */
    public static LongStream each() {
        long first = FIRST != null ? FIRST : RUNS == null ? 1 : System.nanoTime();
        return LongStream.range(first, first + runs(1));
    }

    /** The first seed of a test that goes through {@link #runs} by itself; another one each time. */
    public static long first() {
        return FIRST != null ? FIRST : System.nanoTime();
    }

    /** @param few how many in the short form */
    public static int runs(int few) {
        return RUNS != null ? RUNS : few;
    }
}
