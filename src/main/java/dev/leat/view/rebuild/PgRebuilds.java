package dev.leat.view.rebuild;

import dev.leat.catalog.Definitions;
import dev.leat.failure.Failure.Cause;
import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import dev.leat.view.rebuild.Rebuild.Source;
import dev.leat.view.rebuild.Rebuild.State;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The rows of {@code leat.rebuild}: at most one a view, the last. */
final class PgRebuilds {

    private static final String SELECT = """
            SELECT r.view, r.builds, r.definition, r.source, r.state, r.message, r.cause, r.begins, r.rate, r.started_at,
                r.finished_at, r.done + coalesce(l.done, 0) AS done, coalesce(l.todo, 0) AS todo
            FROM leat.rebuild r CROSS JOIN LATERAL (
                SELECT sum(v.done)::bigint AS done, sum(greatest(0, c.next_offset - v.next_offset))::bigint AS todo
                FROM leat.view_lane v JOIN leat.checkpoint c USING (topic, partition) WHERE v.view = r.builds) l
            """;
    private static final String SELECT_ALL = SELECT + "ORDER BY r.view";
    private static final String SELECT_ONE = SELECT + "WHERE r.view = $1";
    private static final String LOCK_ONE = SELECT_ONE + " FOR UPDATE OF r";
    private static final String REQUEST = """
            INSERT INTO leat.rebuild AS r (view, builds, definition, hash, source, state)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (view) DO UPDATE SET builds = excluded.builds, definition = excluded.definition,
                hash = excluded.hash, source = excluded.source, state = excluded.state, message = NULL, cause = NULL, begins = '{}',
                done = 0, rate = 0, owner = NULL, started_at = now(), updated_at = now(), finished_at = NULL
            WHERE r.state IN ('DONE', 'REFUSED', 'FAILED', 'CANCELLED')
            """;
    private static final String SELECT_HASH = """
            SELECT hash FROM leat.rebuild WHERE view = $1 AND state IN ('REQUESTED', 'RUNNING', 'PAUSED')""";
    private static final String MOVE = """
            UPDATE leat.rebuild SET state = $2, message = $3, cause = $5, updated_at = now(), rate = 0,
                finished_at = CASE WHEN $4 THEN now() END
            WHERE view = $1""";
    private static final String BEGIN = """
            UPDATE leat.rebuild SET builds = $2, state = 'RUNNING', begins = $3, updated_at = now() WHERE view = $1""";

    private PgRebuilds() {}

    static List<Rebuild> all(Tx tx) {
        List<Rebuild> all = new ArrayList<>();
        tx.execute(SELECT_ALL, Tuple.tuple()).forEach(row -> all.add(rebuild(row)));
        return all;
    }

    static Optional<Rebuild> find(Tx tx, String view) {
        return first(tx, SELECT_ONE, view);
    }

    /** Locks the row: nobody else changes its state until the transaction ends. */
    static Optional<Rebuild> lock(Tx tx, String view) {
        return first(tx, LOCK_ONE, view);
    }

    private static Optional<Rebuild> first(Tx tx, String select, String view) {
        for (Row row : tx.execute(select, Tuple.of(view))) {
            return Optional.of(rebuild(row));
        }
        return Optional.empty();
    }

    /** The definition's hash of the running rebuild; empty when none is running. */
    static Optional<String> hashOfRunning(Tx tx, String view) {
        for (Row row : tx.execute(SELECT_HASH, Tuple.of(view))) {
            return Optional.of(row.getString(0));
        }
        return Optional.empty();
    }

    /**
     * @param builds null for a generation that isn't begun yet
     * @return false when another one is running
     */
    static boolean request(Tx tx, View view, String hash, String builds, Source source, State state) {
        Tuple parameters = Tuple.tuple()
                .addValue(view.name())
                .addValue(builds)
                .addValue(Definitions.write(view))
                .addValue(hash)
                .addValue(source.name())
                .addValue(state.name());
        return tx.execute(REQUEST, parameters).rowCount() == 1;
    }

    static void move(Tx tx, String view, State to, String message) {
        move(tx, view, to, message, null);
    }

    /** @param cause of which kind that is which it rests for; may be null */
    static void move(Tx tx, String view, State to, String message, Cause cause) {
        tx.execute(
                MOVE,
                Tuple.tuple()
                        .addValue(view)
                        .addValue(to.name())
                        .addValue(message)
                        .addValue(to.isOver())
                        .addValue(cause == null ? null : cause.label()));
    }

    static void begin(Tx tx, String view, String builds, Map<String, Long> begins) {
        JsonObject json = new JsonObject();
        begins.forEach(json::put);
        tx.execute(BEGIN, Tuple.of(view, builds, json));
    }

    private static Cause cause(String label) {
        return label == null ? null : Cause.valueOf(label.toUpperCase(Locale.ROOT));
    }

    private static Rebuild rebuild(Row row) {
        Map<String, Long> begins = new TreeMap<>();
        row.getJsonObject("begins").forEach(lane -> begins.put(lane.getKey(), ((Number) lane.getValue()).longValue()));
        return new Rebuild(
                row.getString("view"),
                row.getString("builds"),
                Definitions.read(row.getString("view"), row.getJsonObject("definition")),
                Source.valueOf(row.getString("source")),
                State.valueOf(row.getString("state")),
                row.getString("message"),
                cause(row.getString("cause")),
                begins,
                row.getLong("done"),
                row.getLong("todo"),
                row.getDouble("rate"),
                row.getOffsetDateTime("started_at"),
                row.getOffsetDateTime("finished_at"));
    }
}
