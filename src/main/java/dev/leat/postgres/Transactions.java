package dev.leat.postgres;

import dev.leat.failure.UnavailableException;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Transactions for threads that may block: virtual ones and workers. {@code BEGIN} and {@code COMMIT} are sent as
 * statements, because the client's own transactions end at the first refused statement, even behind a savepoint.
 */
@ApplicationScoped
class Transactions implements Transacting {

    private final Pool pool;
    private final Duration timeout;

    // Fair: the lane that has waited longest is next.
    private final Semaphore turns;

    Transactions(Pool pool, PostgresConfig config) {
        this.pool = pool;
        this.timeout = config.timeout();
        this.turns = new Semaphore(config.transactions(), true);
    }

    @Override
    public <T> T run(Function<Tx, T> work) {
        turns.acquireUninterruptibly();
        try {
            return runNow(work);
        } finally {
            turns.release();
        }
    }

    private <T> T runNow(Function<Tx, T> work) {
        SqlConnection connection = await(pool.getConnection());
        Tx tx = new Tx(connection, timeout);
        T result;
        try {
            tx.execute("BEGIN");
            result = work.apply(tx);
            tx.execute("COMMIT");
            tx.requireAllSent();
            tx.committed();
        } catch (RuntimeException | Error e) {
            // Must be sent before the connection goes back to the pool: its next user would commit what is left here.
            // The
            // answer isn't needed.
            tx.send("ROLLBACK");
            release(connection);
            throw e;
        }
        release(connection);
        return result;
    }

    private static void release(SqlConnection connection) {
        connection.close().subscribe().with(closed -> {}, failed -> {});
    }

    private <T> T await(Uni<T> uni) {
        try {
            return uni.await().atMost(timeout);
        } catch (TimeoutException e) {
            throw new UnavailableException(
                    "no connection to Postgres was free within " + timeout + " (leat.view.timeout)", e);
        }
    }
}
