package dev.leat.postgres;

import dev.leat.failure.UnavailableException;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * An open transaction, for a thread that may block. Each wait is bounded by the timeout.
 *
 * <p>Statements without an answer are pipelined: {@link #submit} and {@link #send} don't wait, so that the next statement is
 * sent at once. When one of them fails, Postgres refuses all that follow, and the next wait throws the first failure: at
 * {@link #settle}, or after the commit at the latest.
 */
public final class Tx {

    private final SqlConnection connection;
    private final Duration timeout;

    // The first failure that hasn't been thrown yet. Set by the connection's event loop, read by the transaction's
    // thread.
    private final AtomicReference<Throwable> unseen = new AtomicReference<>();

    // Of the last statement that nobody has waited for; null: none. The transaction's thread only.
    private CompletableFuture<?> last;

    // A set: a step that several views ask for runs once. The transaction's thread only.
    private final Set<Runnable> afterCommit = new LinkedHashSet<>();

    public Tx(SqlConnection connection, Duration timeout) {
        this.connection = connection;
        this.timeout = timeout;
    }

    /** A step that runs after the commit, on the transaction's thread. It must not block. After a rollback it doesn't run. */
    public void afterCommit(Runnable step) {
        afterCommit.add(step);
    }

    /** To be called after the commit. */
    void committed() {
        afterCommit.forEach(Runnable::run);
    }

    public SqlConnection connection() {
        return connection;
    }

    public RowSet<Row> execute(String sql, Tuple parameters) {
        return await(connection.preparedQuery(sql).execute(parameters));
    }

    public void execute(String sql) {
        await(connection.query(sql).execute());
    }

    public void executeEach(String sql, List<Tuple> parameters) {
        if (!parameters.isEmpty()) {
            await(connection.preparedQuery(sql).executeBatch(parameters));
        }
    }

    /** Sends a statement without waiting for its answer. */
    public void send(String sql) {
        pass(connection.query(sql).execute());
    }

    /** Sends a statement with parameters without waiting for its answer. */
    public void submit(String sql, Tuple parameters) {
        pass(connection.preparedQuery(sql).execute(parameters));
    }

    /** Sends a query without waiting; its rows can be read after the commit. */
    public Supplier<RowSet<Row>> ask(String sql, Tuple parameters) {
        CompletableFuture<RowSet<Row>> answer =
                pass(connection.preparedQuery(sql).execute(parameters));
        return () -> await(Uni.createFrom().completionStage(answer));
    }

    /** Undoes what came after the savepoint, and forgets the failures of its statements. */
    public void undoTo(String savepoint) {
        execute("ROLLBACK TO SAVEPOINT " + savepoint + "; RELEASE SAVEPOINT " + savepoint);
        unseen.set(null);
        last = null;
    }

    private <T> CompletableFuture<T> pass(Uni<T> statement) {
        CompletableFuture<T> answer = statement
                .onFailure()
                .invoke(failure -> unseen.compareAndSet(null, failure))
                .subscribeAsCompletionStage();
        last = answer;
        return answer;
    }

    /**
     * Waits for all answers that nobody has waited for.
     *
     * @throws RuntimeException the first failure among them
     */
    public void settle() {
        CompletableFuture<?> waited = last;
        if (waited != null) {
            last = null;
            await(Uni.createFrom().completionStage(waited));
            requireAllSent();
        }
    }

    /**
     * Throws the first failure that hasn't been thrown yet. Must be called after the commit, too: Postgres answers COMMIT
     * without an error when it has rolled back instead.
     */
    void requireAllSent() {
        Throwable first = unseen.getAndSet(null);
        if (first instanceof RuntimeException e) {
            throw e;
        } else if (first != null) {
            throw new IllegalStateException("the transaction was rolled back", first);
        }
    }

    /** @throws RuntimeException the statement's failure, or that of an earlier one, which it follows from */
    public <T> T await(Uni<T> uni) {
        try {
            return uni.await().atMost(timeout);
        } catch (TimeoutException e) {
            requireAllSent();
            throw new UnavailableException("Postgres hasn't answered within " + timeout + " (leat.view.timeout)", e);
        } catch (RuntimeException e) {
            requireAllSent();
            throw e;
        }
    }
}
