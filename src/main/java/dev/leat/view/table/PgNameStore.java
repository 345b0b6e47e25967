package dev.leat.view.table;

import dev.leat.catalog.CatalogColumns;
import dev.leat.postgres.PostgresConfig;
import dev.leat.schema.names.FieldNames;
import dev.leat.schema.names.NameStore;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The names of streams' columns in {@code leat.contract_names}, a row for each version that was decided. They are decided once
 * without a lock, and again under it if that is anything new.
 */
@ApplicationScoped
class PgNameStore implements NameStore {

    private static final String LOCK =
            "SELECT pg_advisory_xact_lock(hashtextextended('leat.contract_names.' || $1, 0))";
    private static final String SELECT =
            "SELECT fields, late FROM leat.contract_names WHERE stream = $1 ORDER BY number";
    private static final String INSERT =
            "INSERT INTO leat.contract_names (stream, number, fields, late) VALUES ($1, $2, $3, $4)";

    private final Pool pool;
    private final PostgresConfig config;

    PgNameStore(Pool pool, PostgresConfig config) {
        this.pool = pool;
        this.config = config;
    }

    @Override
    public List<FieldNames.Decision> decide(String stream, UnaryOperator<List<FieldNames.Decision>> decide) {
        List<FieldNames.Decision> before = await(pool.withConnection(c -> decided(c, stream)));
        List<FieldNames.Decision> now = decide.apply(before);
        return now.size() == before.size() ? now : await(pool.withTransaction(c -> save(c, stream, decide)));
    }

    // Not by Transacting: a redrive decodes within a transaction of its own, and would wait here for its own end.
    private static Uni<List<FieldNames.Decision>> save(
            SqlConnection connection, String stream, UnaryOperator<List<FieldNames.Decision>> decide) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(stream))
                .chain(() -> decided(connection, stream))
                .chain(before -> {
                    List<FieldNames.Decision> now = decide.apply(before);
                    List<Tuple> added = new ArrayList<>();
                    for (int number = before.size(); number < now.size(); number++) {
                        added.add(Tuple.of(
                                stream,
                                number,
                                write(now.get(number)),
                                now.get(number).late()));
                    }
                    return added.isEmpty()
                            ? Uni.createFrom().item(now)
                            : connection
                                    .preparedQuery(INSERT)
                                    .executeBatch(added)
                                    .replaceWith(now);
                });
    }

    private static Uni<List<FieldNames.Decision>> decided(SqlConnection connection, String stream) {
        return connection.preparedQuery(SELECT).execute(Tuple.of(stream)).map(rows -> {
            List<FieldNames.Decision> decided = new ArrayList<>();
            rows.forEach(row -> decided.add(read(row.getJsonArray("fields"), row.getBoolean("late"))));
            return decided;
        });
    }

    private <T> T await(Uni<T> uni) {
        return uni.await().atMost(config.timeout());
    }

    private static JsonArray write(FieldNames.Decision decision) {
        JsonArray fields = new JsonArray();
        decision.fields()
                .forEach(field -> fields.add(CatalogColumns.write(field.column(), field.type())
                        .put("field", field.name())
                        .put("aliases", new JsonArray(field.aliases()))));
        return fields;
    }

    private static FieldNames.Decision read(JsonArray fields, boolean late) {
        return new FieldNames.Decision(
                fields.stream()
                        .map(JsonObject.class::cast)
                        .map(field -> new FieldNames.Field(
                                field.getString("field"),
                                field.getJsonArray("aliases").stream()
                                        .map(String.class::cast)
                                        .toList(),
                                CatalogColumns.type(field),
                                field.getString("name")))
                        .toList(),
                late);
    }
}
