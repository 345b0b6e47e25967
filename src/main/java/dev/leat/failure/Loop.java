package dev.leat.failure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Repeats a step until the process ends. What the step throws after that is no failure: what it needs goes away, too.
 * Occupies its thread.
 */
public final class Loop {

    private Loop() {}

    /** A step; it may wait. */
    public interface Step {
        void run() throws InterruptedException;
    }

    /** Pauses after each step. */
    public static void run(CompletableFuture<?> ended, Duration every, Step step) {
        repeat(ended, () -> {
            step.run();
            pause(ended, every);
        });
    }

    /** Pauses before each step. */
    public static void runLater(CompletableFuture<?> ended, Duration every, Step step) {
        repeat(ended, () -> {
            pause(ended, every);
            if (!ended.isDone()) {
                step.run();
            }
        });
    }

    private static void repeat(CompletableFuture<?> ended, Step step) {
        try {
            while (!ended.isDone()) {
                step.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!ended.isDone()) {
                throw e;
            }
        }
    }

    private static void pause(CompletableFuture<?> ended, Duration atMost) throws InterruptedException {
        try {
            ended.get(Math.max(0, atMost.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // The pause is over.
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
