package dev.leat.postgres;

import io.vertx.mutiny.sqlclient.Pool;

/** Transactions without Quarkus. */
public final class TransactionsFixture {

    private TransactionsFixture() {}

    public static Transacting transactions(Pool pool, PostgresConfig config) {
        return new Transactions(pool, config);
    }
}
