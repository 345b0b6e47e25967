package dev.leat.view.statement;

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

/** An open transaction, for a thread that may wait. Each statement is waited for at most as long as given. */
public final class Tx {

    private final SqlConnection connection;
    private final Duration timeout;

    // Set by the connection's event loop, read by the transaction's thread.
    private final AtomicReference<Throwable> unseen = new AtomicReference<>();

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

    /**
     * Sends a statement and doesn't wait for its answer: the next one goes out behind it on the same connection. If this
     * one fails, Postgres refuses the next, or at last the commit: {@link #requireAllSent()}.
     */
    public void send(String sql) {
        connection.query(sql).execute().subscribe().with(done -> {}, failure -> unseen.compareAndSet(null, failure));
    }

    /**
     * Sends a question and doesn't wait for its answer, which is there to be taken behind the commit. If it fails, so does
     * the commit, as with {@link #send}.
     */
    public Supplier<RowSet<Row>> ask(String sql, Tuple parameters) {
        CompletableFuture<RowSet<Row>> answer =
                connection.preparedQuery(sql).execute(parameters).subscribeAsCompletionStage();
        answer.whenComplete((rows, failure) -> {
            if (failure != null) {
                unseen.compareAndSet(null, failure);
            }
        });
        return () -> await(Uni.createFrom().completionStage(answer));
    }

    /** Behind the commit, for Postgres answers it without an error when it has rolled back instead. */
    void requireAllSent() {
        if (unseen.get() != null) {
            throw new IllegalStateException("the transaction was rolled back", unseen.get());
        }
    }

    public <T> T await(Uni<T> uni) {
        return uni.await().atMost(timeout);
    }
}
