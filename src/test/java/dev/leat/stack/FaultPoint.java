package dev.leat.stack;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * A place in the conversation with Postgres where a {@link PgProxy} holds its clients. From the moment it is made until
 * {@link #release()} or {@link #cut()}, every client that comes there is held; after that, none. A client that dies while
 * it is held is let go of: Postgres sees its connection close, as it would without a proxy.
 *
 * <p>Safe for several threads.
 */
public final class FaultPoint {

    private final Predicate<PgStatement> which;
    private final List<PgProxyConnection> held = new CopyOnWriteArrayList<>();
    private final CompletableFuture<PgStatement> reached = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    // Set before `ended` is completed, read by those whom that wakes.
    private volatile boolean cuts;

    FaultPoint(Predicate<PgStatement> which) {
        this.which = which;
    }

    /**
     * Waits until the first client is held here.
     *
     * @return the statement at which it is held
     * @throws AssertionError when none came in time
     */
    public PgStatement awaitReached() {
        try {
            return reached.get(Deadline.GENEROUS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no client came to the fault point within " + Deadline.GENEROUS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** How many clients have been held here. */
    public int count() {
        return held.size();
    }

    /** Lets everybody go on. */
    public void release() {
        ended.complete(null);
    }

    /** Closes both sides of the held connections: what was held is lost. */
    public void cut() {
        cuts = true;
        held.forEach(PgProxyConnection::close);
        ended.complete(null);
    }

    boolean catches(PgStatement statement) {
        return !ended.isDone() && which.test(statement);
    }

    /** Blocks until somebody ends this, or the connection is closed. */
    void hold(PgProxyConnection connection, PgStatement statement) {
        held.add(connection);
        reached.complete(statement);
        CompletableFuture.anyOf(ended, connection.closed()).join();
        if (cuts) {
            connection.close();
        }
    }
}
