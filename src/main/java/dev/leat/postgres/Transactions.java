package dev.leat.postgres;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Transactions for threads that may wait: virtual ones and workers. Begun and ended by statements of their own, because
 * the client's transactions give up at the first refused statement, whatever savepoint there is.
 */
@ApplicationScoped
class Transactions implements Transacting {

    private final Pool pool;
    private final Duration timeout;

    // Fair: a lane that waits longest is next.
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
            // Goes out before anything that the connection's next user sends, even if we don't see its answer. Where it
            // can't, nobody may use the connection: he would commit what is left here.
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
        return uni.await().atMost(timeout);
    }
}
