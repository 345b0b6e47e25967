package dev.leat.retry;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Retries what fails for as long as the other side is unavailable; other failures pass through. Ends early when it is
 * closed or its thread is interrupted.
 *
 * <p>Blocks the calling thread, so not for event loops; they use {@link Outage} alone. Safe for one thread at a time.
 */
public final class Retry {

    private final Outage outage;
    private final Predicate<? super Exception> isUnavailable;
    private final CompletableFuture<?> closed;
    private final Pauser pauser;

    /**
     * @param isUnavailable whether a failure means that the same call will work later
     * @param closed ends retrying when it completes
     */
    public Retry(Outage outage, Predicate<? super Exception> isUnavailable, CompletableFuture<?> closed) {
        this(outage, isUnavailable, closed, Retry::pause);
    }

    Retry(Outage outage, Predicate<? super Exception> isUnavailable, CompletableFuture<?> closed, Pauser pauser) {
        this.outage = outage;
        this.isUnavailable = isUnavailable;
        this.closed = closed;
        this.pauser = pauser;
    }

    /** What is retried; it must be repeatable. */
    public interface Call<T, X extends Exception> {
        T run() throws X;
    }

    /** What is retried and gives nothing back. */
    public interface Action<X extends Exception> {
        void run() throws X;
    }

    /** Waits between two tries. Returns early when the future completes. */
    interface Pauser {
        void pause(CompletableFuture<?> closed, Duration atMost) throws InterruptedException;
    }

    /**
     * Calls until there is an answer. The answer ends the outage.
     *
     * @throws RetryClosedException closed between two tries
     */
    public <T, X extends Exception> T call(Call<T, X> call) throws X, InterruptedException {
        T answer = ask(call);
        outage.succeeded();
        return answer;
    }

    /** As {@link #call}, without an answer. */
    public <X extends Exception> void run(Action<X> action) throws X, InterruptedException {
        call(() -> {
            action.run();
            return null;
        });
    }

    /**
     * Calls until there is an answer. The answer doesn't end the outage; for questions on the way to the work that does.
     *
     * @throws RetryClosedException closed between two tries
     */
    public <T, X extends Exception> T ask(Call<T, X> call) throws X, InterruptedException {
        while (true) {
            try {
                return call.run();
            } catch (Exception e) {
                if (!isUnavailable.test(e)) {
                    throw e;
                }
                backOff(e);
            }
        }
    }

    /**
     * Pauses after a failure that the caller has met and will retry itself.
     *
     * @throws RetryClosedException closed before or during the pause
     */
    public void backOff(Exception failure) throws InterruptedException {
        requireNotInterrupted(failure);
        requireOpen(failure);
        pauser.pause(closed, outage.failed(failure));
        requireOpen(failure);
    }

    /** The next pause, without an outage. Shorter when it is closed meanwhile. */
    public void pause() throws InterruptedException {
        pauser.pause(closed, outage.pause());
    }

    private void requireOpen(Exception failure) {
        if (closed.isDone()) {
            throw new RetryClosedException(failure);
        }
    }

    /** Clients of Kafka, Postgres and the registry wrap the interruption. */
    private static void requireNotInterrupted(Exception failure) throws InterruptedException {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                throw new InterruptedException(failure.getMessage());
            }
        }
    }

    /** Waits as long as that, or until the future completes. For loops at a fixed rate. */
    public static void pause(CompletableFuture<?> closed, Duration atMost) throws InterruptedException {
        try {
            closed.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // The pause is over.
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
