package dev.leat.view;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Function;

/** Transactions for threads that may wait: virtual ones and workers. */
@ApplicationScoped
class Transactions {

    private final Pool pool;
    private final Duration timeout;

    Transactions(Pool pool, ViewConfig config) {
        this.pool = pool;
        this.timeout = config.timeout();
    }

    /** Commits what the work did, or rolls it back when it throws; when committing fails, it isn't known which. */
    <T> T run(Function<Tx, T> work) {
        SqlConnection connection = await(pool.getConnection());
        try {
            Transaction transaction = await(connection.begin());
            try {
                T result = work.apply(new Tx(connection, timeout));
                await(transaction.commit());
                return result;
            } catch (RuntimeException e) {
                rollBack(transaction);
                throw e;
            }
        } finally {
            connection.close().subscribe().with(closed -> {}, failed -> {});
        }
    }

    private void rollBack(Transaction transaction) {
        try {
            await(transaction.rollback());
        } catch (RuntimeException e) {
            // The connection is lost, and with it the transaction.
        }
    }

    private <T> T await(Uni<T> uni) {
        return uni.await().atMost(timeout);
    }
}
