package dev.leat.postgres;

import dev.leat.failure.UnavailableException;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

    // Those that are under way, by the thread that runs each.
    private final Map<Thread, UnderWay> underWay = new ConcurrentHashMap<>();

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
        begin(connection);
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
            underWay.remove(Thread.currentThread());
            release(connection);
            throw e;
        }
        underWay.remove(Thread.currentThread());
        release(connection);
        return result;
    }

    private void begin(SqlConnection connection) {
        if (connection.getDelegate() instanceof PgConnection postgres) {
            underWay.put(Thread.currentThread(), new UnderWay(postgres.processId(), System.nanoTime()));
        }
    }

    /** The threads whose transaction has been under way for so long, by the process of Postgres that serves it. */
    Map<Integer, Thread> longerThan(Duration least) {
        Map<Integer, Thread> longer = new HashMap<>();
        long now = System.nanoTime();
        underWay.forEach((thread, its) -> {
            if (now - its.since() > least.toNanos()) {
                longer.put(its.process(), thread);
            }
        });
        return longer;
    }

    private record UnderWay(int process, long since) {}

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
