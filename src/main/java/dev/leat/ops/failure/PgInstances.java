package dev.leat.ops.failure;

import dev.leat.failure.Failure;
import dev.leat.failure.Scope;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** What instances tell each other, in {@code leat.instance} and {@code leat.failure}. Never blocks. */
final class PgInstances {

    private static final String APPEAR = """
            INSERT INTO leat.instance AS i (id, lanes) VALUES ($1, $2)
            ON CONFLICT (id) DO UPDATE SET lanes = excluded.lanes, seen_at = now()""";
    private static final String SWEEP = "DELETE FROM leat.instance WHERE seen_at < now() - interval '1 minute'";
    // The row stays, so that nobody's request is lost between two of these.
    private static final String SAVE = """
            INSERT INTO leat.failure AS f (instance, scope, name, cause, message, since, times, rests)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (instance, scope, name, cause) DO UPDATE SET message = excluded.message, since = excluded.since,
                times = excluded.times, rests = excluded.rests
            WHERE (f.message, f.since, f.times, f.rests)
                IS DISTINCT FROM (excluded.message, excluded.since, excluded.times, excluded.rests)""";
    private static final String FORGET = """
            DELETE FROM leat.failure f WHERE instance = $1 AND NOT EXISTS (
                SELECT FROM unnest($2::text[], $3::text[], $4::text[]) AS now (scope, name, cause)
                WHERE (now.scope, now.name, now.cause) = (f.scope, f.name, f.cause))""";
    private static final String TAKE_REQUESTS =
            "UPDATE leat.failure SET resume = false WHERE instance = $1 AND resume RETURNING scope, name";
    private static final String REQUEST = """
            UPDATE leat.failure SET resume = true
            FROM leat.instance i
            WHERE i.id = instance AND i.seen_at > now() - interval '10 seconds'
              AND instance <> $1 AND scope = $2 AND name = $3
              AND (rests OR cause = 'unfit' AND scope IN ('stream', 'view'))""";
    private static final String SELECT_FAILURES = """
            SELECT f.instance, f.scope, f.name, f.cause, f.message, f.since, f.times, f.rests
            FROM leat.failure f JOIN leat.instance i ON i.id = f.instance
            WHERE i.id <> $1 AND i.seen_at > now() - interval '10 seconds'
            ORDER BY f.scope, f.name, f.cause, f.instance""";
    private static final String SELECT_LANES =
            "SELECT lanes FROM leat.instance WHERE id <> $1 AND seen_at > now() - interval '10 seconds'";
    private static final String LEAVE = "DELETE FROM leat.instance WHERE id = $1";

    private final Pool pool;
    private final UUID me;

    PgInstances(Pool pool, UUID me) {
        this.pool = pool;
        this.me = me;
    }

    /**
     * What the others have told.
     *
     * @param lanes state by topic-partition
     */
    record Others(List<SeenFailure> failures, Map<String, String> lanes) {
        static final Others NONE = new Others(List.of(), Map.of());
    }

    /** @return what somebody has asked this instance to resume */
    Uni<List<Scope>> tell(List<Failure> failures, Map<String, String> lanes) {
        JsonObject states = new JsonObject();
        lanes.forEach(states::put);
        return pool.withTransaction(connection -> connection
                .preparedQuery(APPEAR)
                .execute(Tuple.of(me, states))
                .chain(() -> connection.query(SWEEP).execute())
                .chain(() -> save(connection, failures))
                .chain(() -> connection.preparedQuery(FORGET).execute(remaining(failures)))
                .chain(() -> connection.preparedQuery(TAKE_REQUESTS).execute(Tuple.of(me)))
                .map(PgInstances::scopes));
    }

    private Uni<Void> save(SqlConnection connection, List<Failure> failures) {
        if (failures.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        List<Tuple> rows = failures.stream()
                .map(failure -> Tuple.tuple()
                        .addValue(me)
                        .addValue(failure.scope().kind().label())
                        .addValue(failure.scope().name())
                        .addValue(failure.cause().label())
                        // A text of Postgres can't hold the character U+0000.
                        .addValue(failure.message().replace('\u0000', ' '))
                        .addValue(failure.since().atOffset(ZoneOffset.UTC))
                        .addValue(failure.times())
                        .addValue(failure.rests()))
                .toList();
        return connection.preparedQuery(SAVE).executeBatch(rows).replaceWithVoid();
    }

    private Tuple remaining(List<Failure> failures) {
        return Tuple.of(
                me,
                failures.stream().map(f -> f.scope().kind().label()).toArray(String[]::new),
                failures.stream().map(f -> f.scope().name()).toArray(String[]::new),
                failures.stream().map(f -> f.cause().label()).toArray(String[]::new));
    }

    private static List<Scope> scopes(RowSet<Row> rows) {
        List<Scope> scopes = new ArrayList<>();
        rows.forEach(row -> scopes.add(new Scope(kind(row), row.getString("name"))));
        return scopes;
    }

    private static Scope.Kind kind(Row row) {
        return Scope.Kind.valueOf(row.getString("scope").toUpperCase(Locale.ROOT));
    }

    Uni<Others> others() {
        return pool.preparedQuery(SELECT_FAILURES).execute(Tuple.of(me)).chain(failures -> pool.preparedQuery(
                        SELECT_LANES)
                .execute(Tuple.of(me))
                .map(lanes -> new Others(failures(failures), lanes(lanes))));
    }

    private static List<SeenFailure> failures(RowSet<Row> rows) {
        List<SeenFailure> failures = new ArrayList<>();
        for (Row row : rows) {
            failures.add(new SeenFailure(
                    kind(row),
                    row.getString("name"),
                    Failure.Cause.valueOf(row.getString("cause").toUpperCase(Locale.ROOT)),
                    row.getString("message"),
                    row.getOffsetDateTime("since").toInstant(),
                    row.getLong("times"),
                    row.getBoolean("rests"),
                    row.getUUID("instance")));
        }
        return failures;
    }

    private static Map<String, String> lanes(RowSet<Row> rows) {
        Map<String, String> lanes = new HashMap<>();
        for (Row row : rows) {
            row.getJsonObject("lanes").forEach(lane -> lanes.put(lane.getKey(), (String) lane.getValue()));
        }
        return lanes;
    }

    /** @return how many other instances have it at rest */
    Uni<Integer> askToResume(Scope scope) {
        return pool.preparedQuery(REQUEST)
                .execute(Tuple.of(me, scope.kind().label(), scope.name()))
                .map(RowSet::rowCount);
    }

    Uni<Void> leave() {
        return pool.preparedQuery(LEAVE).execute(Tuple.of(me)).replaceWithVoid();
    }
}
