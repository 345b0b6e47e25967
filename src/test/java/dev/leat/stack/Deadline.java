package dev.leat.stack;

import java.time.Duration;

/** The one place that says for how long tests and servers wait for a state. Uses the JDK only: the supervisor has it too. */
public final class Deadline {
    /**
     * Far more than a single slow core needs, which has other work as well. Only a test that fails ever waits for so long,
     * so a shorter time would save nothing and fail on slower machines.
     */
    public static final Duration GENEROUS = Duration.ofMinutes(5);

    private final long end = System.nanoTime() + GENEROUS.toNanos();

    private Deadline() {}

    static Deadline generous() {
        return new Deadline();
    }

    boolean isOver() {
        return System.nanoTime() - end > 0;
    }
}
