package dev.leat.view;

import dev.leat.pipeline.Stream;
import dev.leat.schema.Column;
import dev.leat.schema.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * One row a key. An older event (by event time, then by position) never overwrites a newer one; a delete removes what
 * came before it. A batch is reduced to one change a key first, so that a statement never meets a key twice.
 */
final class LatestWriter implements ViewWriter {

    private final Stream stream;
    private final String table;

    LatestWriter(Stream stream, String table) {
        this.stream = stream;
        this.table = table;
    }

    @Override
    public List<String> ownColumns() {
        return List.of("_partition integer NOT NULL", "_offset bigint NOT NULL");
    }

    @Override
    public List<String> key() {
        return stream.key();
    }

    @Override
    public Uni<Void> applyInTransaction(SqlConnection connection, Rows rows, int[] selected) {
        LatestPerKey latest = LatestPerKey.of(rows, selected);
        // Deletes first: what a key has after its delete in this batch must not go with it.
        return delete(connection, rows, latest.deleted()).chain(() -> upsert(connection, rows, latest.kept()));
    }

    private Uni<Void> delete(SqlConnection connection, Rows rows, int[] deleted) {
        if (deleted.length == 0) {
            return Uni.createFrom().voidItem();
        }
        List<Column> key = stream.key().stream().map(rows.shape()::column).toList();
        Tuple parameters = Tuple.tuple();
        key.forEach(c -> parameters.addValue(PgArrays.values(rows.vector(c.name()), deleted)));
        return connection
                .preparedQuery(deleteStatement(key))
                .execute(parameters)
                .replaceWithVoid();
    }

    private Uni<Void> upsert(SqlConnection connection, Rows rows, int[] kept) {
        if (kept.length == 0) {
            return Uni.createFrom().voidItem();
        }
        Tuple parameters = Tuple.tuple();
        for (int i = 0; i < rows.shape().size(); i++) {
            parameters.addValue(PgArrays.values(rows.vector(i), kept));
        }
        parameters.addValue(rows.partition());
        parameters.addValue(Positions.offsets(rows, kept));
        return connection
                .preparedQuery(upsertStatement(rows.shape().columns()))
                .execute(parameters)
                .replaceWithVoid();
    }

    private String deleteStatement(List<Column> key) {
        return "DELETE FROM " + table + " AS t USING unnest(" + Positions.parameters(key) + ") AS u("
                + Sql.list(key, c -> Sql.quote(c.name())) + ") WHERE "
                + String.join(
                        " AND ",
                        key.stream()
                                .map(c -> "t." + Sql.quote(c.name()) + " = u." + Sql.quote(c.name()))
                                .toList());
    }

    private String upsertStatement(List<Column> columns) {
        List<String> updated = new ArrayList<>();
        columns.stream().filter(c -> !stream.key().contains(c.name())).forEach(c -> updated.add(Sql.quote(c.name())));
        updated.add("_partition");
        updated.add("_offset");
        return "INSERT INTO " + table + " AS t (" + Sql.list(columns, c -> Sql.quote(c.name()))
                + ", _partition, _offset) SELECT " + Sql.list(columns, PgArrays::selected) + ", $"
                + (columns.size() + 1) + "::integer, _offset FROM unnest(" + Positions.parameters(columns) + ", $"
                + (columns.size() + 2) + "::bigint[]) AS u(" + Sql.list(columns, c -> Sql.quote(c.name()))
                + ", _offset) ON CONFLICT (" + Sql.list(stream.key(), Sql::quote) + ") DO UPDATE SET "
                + Sql.list(updated, c -> c + " = excluded." + c) + " WHERE " + isNewer();
    }

    /**
     * Offsets compare within a partition only; an event that comes from another one (the topic was given more
     * partitions) has been produced later.
     */
    private String isNewer() {
        String byPosition = "(t._partition <> excluded._partition OR t._offset < excluded._offset)";
        return stream.eventTime()
                .map(Sql::quote)
                .map(time -> "(t." + time + " < excluded." + time + " OR t." + time + " = excluded." + time + " AND "
                        + byPosition + ")")
                .orElse(byPosition);
    }
}
