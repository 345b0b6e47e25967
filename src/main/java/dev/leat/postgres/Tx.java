package dev.leat.postgres;

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
 * An open transaction, for a thread that may wait. What is waited for is waited for at most as long as given.
 *
 * <p>What needs no answer needn't be waited for: {@link #submit} and {@link #send} let the next statement go out behind
 * theirs. When one of them fails, Postgres refuses all that follows, and whoever waits next is told of the failure that
 * came first, be it at {@link #settle} or behind the commit.
 */
public final class Tx {

    private final SqlConnection connection;
    private final Duration timeout;

    // The first failure that nobody has been told of. Set by the connection's event loop, read by the transaction's
    // thread.
    private final AtomicReference<Throwable> unseen = new AtomicReference<>();

    // Of what nobody has waited for; null if there is nothing such.
    private CompletableFuture<?> last;

    // A set: what each batch of views asks for is done once.
    private final Set<Runnable> afterCommit = new LinkedHashSet<>();

    public Tx(SqlConnection connection, Duration timeout) {
        this.connection = connection;
        this.timeout = timeout;
    }

    /** What is to be done once the transaction is committed, on its thread; never waits. Not done when it isn't. */
    public void afterCommit(Runnable step) {
        afterCommit.add(step);
    }

    /** For whoever has committed it. */
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

    /** Sends a statement and doesn't wait for its answer. */
    public void send(String sql) {
        pass(connection.query(sql).execute());
    }

    /** The same of one that has parameters. */
    public void submit(String sql, Tuple parameters) {
        pass(connection.preparedQuery(sql).execute(parameters));
    }

    /** The same of a question; its answer is there to be taken behind the commit. */
    public Supplier<RowSet<Row>> ask(String sql, Tuple parameters) {
        CompletableFuture<RowSet<Row>> answer =
                pass(connection.preparedQuery(sql).execute(parameters));
        return () -> await(Uni.createFrom().completionStage(answer));
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
     * Throws the first failure that nobody has been told of. To be called behind the commit, too, for Postgres answers that
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
        } catch (RuntimeException e) {
            requireAllSent();
            throw e;
        }
    }
}
