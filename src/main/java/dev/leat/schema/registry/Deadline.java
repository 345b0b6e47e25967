package dev.leat.schema.registry;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Bounds the wait for clients that would wait for an answer for ever. */
final class Deadline {

    private Deadline() {}

    /**
     * The answer to a question, which is asked on a thread of its own and interrupted when it takes longer.
     *
     * @throws TimeoutException when there is none within the time
     * @throws RuntimeException what the question fails with
     */
    static <T> T await(Supplier<T> question, Duration atMost) throws TimeoutException {
        FutureTask<T> task = new FutureTask<>(question::get);
        Thread.ofVirtual().name("registry").start(task);
        try {
            return task.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            task.cancel(true);
        }
    }
}
