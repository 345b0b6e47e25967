package dev.leat.view.fold;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.spi.DatabaseMetadata;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.hibernate.reactive.adaptor.impl.JdbcNull;
import org.hibernate.reactive.adaptor.impl.ResultSetAdaptor;
import org.hibernate.reactive.pool.BatchingConnection;
import org.hibernate.reactive.pool.ReactiveConnection;

/**
 * Hibernate's statements on a connection whose transaction is somebody else's: it can neither begin nor end one, nor
 * close the connection. Postgres's refusals reach the caller as the client tells them.
 */
final class TransactionConnection implements ReactiveConnection {

    private final SqlConnection connection;
    private final UnaryOperator<String> renamed;

    /** @param renamed a statement of Hibernate's with the table that is meant */
    TransactionConnection(SqlConnection connection, UnaryOperator<String> renamed) {
        this.connection = connection;
        this.renamed = renamed;
    }

    @Override
    public boolean isTransactionInProgress() {
        return true;
    }

    @Override
    public DatabaseMetadata getDatabaseMetadata() {
        return connection.databaseMetadata();
    }

    @Override
    public CompletionStage<Void> execute(String sql) {
        return run(sql, new Object[0]).thenApply(done -> null);
    }

    @Override
    public CompletionStage<Void> executeOutsideTransaction(String sql) {
        return notHere("a statement outside of the batch's transaction");
    }

    @Override
    public CompletionStage<Void> executeUnprepared(String sql) {
        return connection
                .query(renamed.apply(sql))
                .execute()
                .toCompletionStage()
                .thenApply(done -> null);
    }

    @Override
    public CompletionStage<Integer> update(String sql) {
        return update(sql, new Object[0]);
    }

    @Override
    public CompletionStage<Integer> update(String sql, Object[] parameters) {
        return run(sql, parameters).thenApply(SqlResult::rowCount);
    }

    @Override
    public CompletionStage<Void> update(
            String sql, Object[] parameters, boolean allowBatching, Expectation expectation) {
        return update(sql, parameters).thenAccept(rows -> expectation.verifyOutcome(rows, -1, sql));
    }

    @Override
    public CompletionStage<int[]> update(String sql, List<Object[]> batch) {
        List<Tuple> tuples = new ArrayList<>(batch.size());
        batch.forEach(parameters -> tuples.add(tuple(parameters)));
        return connection
                .preparedQuery(renamed.apply(sql))
                .executeBatch(tuples)
                .toCompletionStage()
                .thenApply(TransactionConnection::rowCounts);
    }

    private static int[] rowCounts(RowSet<Row> results) {
        List<Integer> counts = new ArrayList<>();
        for (RowSet<Row> result = results; result != null; result = result.next()) {
            counts.add(result.rowCount());
        }
        return counts.stream().mapToInt(count -> count).toArray();
    }

    @Override
    public CompletionStage<Result> select(String sql) {
        return select(sql, new Object[0]);
    }

    @Override
    public CompletionStage<Result> select(String sql, Object[] parameters) {
        return run(sql, parameters).thenApply(Selected::new);
    }

    @Override
    public CompletionStage<ResultSet> selectJdbc(String sql, Object[] parameters) {
        return run(sql, parameters).thenApply(ResultSetAdaptor::new);
    }

    @Override
    public <T> CompletionStage<T> insertAndSelectIdentifier(
            String sql, Object[] parameters, Class<T> type, String column) {
        return notHere("an id that Postgres makes");
    }

    @Override
    public CompletionStage<ResultSet> insertAndSelectIdentifierAsResultSet(
            String sql, Object[] parameters, Class<?> type, String column) {
        return notHere("an id that Postgres makes");
    }

    @Override
    public <T> CompletionStage<T> selectIdentifier(String sql, Object[] parameters, Class<T> type) {
        return notHere("an id that Postgres makes");
    }

    @Override
    public CompletionStage<Void> beginTransaction() {
        return notHere("a transaction of Hibernate's");
    }

    @Override
    public CompletionStage<Void> commitTransaction() {
        return notHere("a transaction of Hibernate's");
    }

    @Override
    public CompletionStage<Void> rollbackTransaction() {
        return notHere("a transaction of Hibernate's");
    }

    @Override
    public ReactiveConnection withBatchSize(int size) {
        return size <= 1 ? this : new BatchingConnection(this, size);
    }

    @Override
    public CompletionStage<Void> executeBatch() {
        return CompletableFuture.completedStage(null);
    }

    /** The connection goes on in the batch's transaction. */
    @Override
    public CompletionStage<Void> close() {
        return CompletableFuture.completedStage(null);
    }

    private CompletionStage<RowSet<Row>> run(String sql, Object[] parameters) {
        return connection
                .preparedQuery(renamed.apply(sql))
                .execute(tuple(parameters))
                .toCompletionStage();
    }

    private static Tuple tuple(Object[] parameters) {
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i] instanceof JdbcNull typed) {
                parameters[i] = typed.toNullValue();
            }
        }
        return Tuple.wrap(parameters);
    }

    private static <T> CompletionStage<T> notHere(String what) {
        return CompletableFuture.failedStage(
                new IllegalStateException(what + " has no place in a fold, whose transaction is its lane's"));
    }

    /** Rows as Hibernate wants them. */
    private static final class Selected implements Result {
        private final RowSet<Row> rows;
        private final RowIterator<Row> iterator;

        Selected(RowSet<Row> rows) {
            this.rows = rows;
            this.iterator = rows.iterator();
        }

        @Override
        public int size() {
            return rows.size();
        }

        @Override
        public boolean hasNext() {
            return iterator.hasNext();
        }

        @Override
        public Object[] next() {
            Row row = iterator.next();
            Object[] values = new Object[row.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = row.getValue(i);
            }
            return values;
        }
    }
}
