package dev.leat.view;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;

/** An open transaction, for a thread that may wait. Each statement is waited for at most as long as given. */
record Tx(SqlConnection connection, Duration timeout) {

    RowSet<Row> execute(String sql, Tuple parameters) {
        return await(connection.preparedQuery(sql).execute(parameters));
    }

    void execute(String sql) {
        await(connection.query(sql).execute());
    }

    void executeEach(String sql, List<Tuple> parameters) {
        if (!parameters.isEmpty()) {
            await(connection.preparedQuery(sql).executeBatch(parameters));
        }
    }

    /**
     * Sends a statement and doesn't wait for its answer: the next one goes out behind it on the same connection. If this
     * one fails, Postgres refuses the next.
     */
    void send(String sql) {
        connection.query(sql).execute().subscribe().with(done -> {}, failed -> {});
    }

    <T> T await(Uni<T> uni) {
        return uni.await().atMost(timeout);
    }
}
