package dev.leat.view.rebuild;

import dev.leat.catalog.ColumnDdl;
import dev.leat.catalog.Definitions;
import dev.leat.catalog.Generations;
import dev.leat.catalog.StoredDefinitions;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Shape;
import dev.leat.view.lane.PgCheckpoints;
import dev.leat.view.table.DeclaredDefinitions;
import dev.leat.view.table.KeptTables;
import dev.leat.view.table.ViewTables;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Creates the table of a view's next generation, activates it, or drops it. All within transactions in which no lane applies
 * anything ({@link PgCheckpoints#lockAllInTransaction}).
 */
@ApplicationScoped
class GenerationTables {

    private static final String SELECT_GENERATION =
            "SELECT coalesce(max(generation), 0) + 1 FROM leat.view WHERE name = $1";
    private static final String SELECT_UNFINISHED = "SELECT name, definition FROM leat.view WHERE becomes = $1";
    private static final String SAVE_GENERATION = "UPDATE leat.view SET becomes = $2, generation = $3 WHERE name = $1";
    private static final String FORGET_VIEW = "DELETE FROM leat.view WHERE name = $1";
    private static final String FORGET_LANES = "DELETE FROM leat.view_lane WHERE view = $1";
    private static final String ACTIVATE = """
            UPDATE leat.view SET name = $2, table_name = $3, becomes = NULL, version = nextval('leat.view_version'),
                updated_at = now()
            WHERE name = $1""";
    // A lane that was opened after the starts were found begins with its first event.
    private static final String SAVE_LANES = """
            INSERT INTO leat.view_lane (view, topic, partition, next_offset)
            SELECT $1, c.topic, c.partition, least(c.next_offset, coalesce(b.next_offset, c.first_offset, 0))
            FROM leat.checkpoint c LEFT JOIN unnest($3::integer[], $4::bigint[]) AS b (partition, next_offset)
                ON b.partition = c.partition
            WHERE c.topic = $2""";
    private static final String SAVE_PAUSED_LANES = """
            INSERT INTO leat.view_lane (view, topic, partition, next_offset)
            SELECT $1, c.topic, c.partition, c.next_offset FROM leat.checkpoint c WHERE c.topic = $2
            ON CONFLICT DO NOTHING""";
    private static final String SUPERSEDE_DEAD_LETTERS = """
            UPDATE leat.dead_letter SET resolution = 'superseded', resolved_at = now()
            WHERE view = $1 AND resolution IS NULL""";
    private static final String FORGET_DEAD_LETTERS_OF_BOTH = """
            DELETE FROM leat.dead_letter AS old USING leat.dead_letter AS new
            WHERE old.view = $1 AND new.view = $2 AND old.topic = new.topic AND old.partition = new.partition
              AND old."offset" = new."offset"
            """;
    private static final String RENAME_DEAD_LETTERS = "UPDATE leat.dead_letter SET view = $1 WHERE view = $2";
    private static final String FORGET_DEAD_LETTERS = "DELETE FROM leat.dead_letter WHERE view = $1";
    private static final String FORGET_PARKED = "DELETE FROM leat.parked_event WHERE view = $1";
    private static final String RENAME_PARKED = "UPDATE leat.parked_event SET view = $1 WHERE view = $2";
    // Events that were late for the old generation count in the new one.
    private static final String FORGET_LATE = "DELETE FROM leat.late_event WHERE view = $1";
    private static final String FORGET_CLOSED = "DELETE FROM leat.view_close WHERE view = $1";
    private static final String RENAME_CLOSED = "UPDATE leat.view_close SET view = $1 WHERE view = $2";

    private static final String FORGET_WAITING = "DELETE FROM leat.waiting_event WHERE view = $1";
    private static final String RENAME_WAITING = "UPDATE leat.waiting_event SET view = $1 WHERE view = $2";

    private static final String FORGET_REBUILD = "DELETE FROM leat.rebuild WHERE view = $1";

    private final Pipeline pipeline;
    private final DeclaredDefinitions definitions;
    private final ViewTables tables;
    private final KeptTables kept;

    GenerationTables(Pipeline pipeline, DeclaredDefinitions definitions, ViewTables tables, KeptTables kept) {
        this.pipeline = pipeline;
        this.definitions = definitions;
        this.tables = tables;
        this.kept = kept;
    }

    /**
     * Creates the tables of the next generation, empty; no lane is live on it yet.
     *
     * @param shapes of its streams, by name
     * @param starts offset at which it starts on each partition, by topic
     * @return its name
     */
    String beginInTransaction(
            Tx tx, Rebuild rebuild, Map<String, Shape> shapes, Map<String, Map<Integer, Long>> starts) {
        ColumnDdl.lock(tx);
        for (Row left : tx.execute(SELECT_UNFINISHED, Tuple.of(rebuild.view()))) {
            removeInTransaction(tx, Definitions.read(left.getString("name"), left.getJsonObject("definition")));
        }
        int generation = tx.execute(SELECT_GENERATION, Tuple.of(rebuild.view()))
                .iterator()
                .next()
                .getInteger(0);
        View next = Definitions.named(Generations.name(rebuild.view(), generation), rebuild.definition());
        tables.create(tx, next, shapes);
        tx.execute(SAVE_GENERATION, Tuple.of(next.name(), rebuild.view(), generation));
        if (!definitions.keepsState(tx, next)) {
            pauseInTransaction(tx, next);
            return next.name();
        }
        for (String topic : topics(next)) {
            Map<Integer, Long> ofTopic = starts.getOrDefault(topic, Map.of());
            tx.execute(
                    SAVE_LANES,
                    Tuple.of(
                            next.name(),
                            topic,
                            ofTopic.keySet().toArray(Integer[]::new),
                            ofTopic.values().toArray(Long[]::new)));
        }
        return next.name();
    }

    /** The view isn't live any more; it lacks the events from now on. */
    void pauseInTransaction(Tx tx, View view) {
        topics(view).forEach(topic -> tx.execute(SAVE_PAUSED_LANES, Tuple.of(view.name(), topic)));
    }

    private List<String> topics(View view) {
        return view.streams().stream()
                .map(pipeline::stream)
                .map(Stream::topic)
                .distinct()
                .toList();
    }

    /** Activates the new generation. The active one is dropped with all that belongs to it. */
    void activateInTransaction(Tx tx, Rebuild rebuild) {
        ColumnDdl.lock(tx, rebuild.view());
        ColumnDdl.lock(tx);
        View built = Definitions.named(rebuild.builds(), rebuild.definition());
        View view = rebuild.definition();
        Optional<StoredDefinitions.Entry> active = StoredDefinitions.find(tx, view.name());
        tx.execute(FORGET_VIEW, Tuple.of(view.name()));
        tx.execute(FORGET_LANES, Tuple.of(view.name()));
        String table = kept.replace(tx, active, built, view);
        tx.execute(ACTIVATE, Tuple.of(built.name(), view.name(), table));
        tx.execute(FORGET_DEAD_LETTERS_OF_BOTH, Tuple.of(view.name(), built.name()));
        tx.execute(SUPERSEDE_DEAD_LETTERS, Tuple.of(view.name()));
        tx.execute(RENAME_DEAD_LETTERS, Tuple.of(view.name(), built.name()));
        tx.execute(FORGET_PARKED, Tuple.of(view.name()));
        tx.execute(RENAME_PARKED, Tuple.of(view.name(), built.name()));
        tx.execute(FORGET_LATE, Tuple.of(view.name()));
        if (view.streams().size() > 1
                || waits(view)
                || active.flatMap(StoredDefinitions.Entry::view)
                        .filter(GenerationTables::waits)
                        .isPresent()) {
            // A join takes over how far it was closed, and no more.
            tx.execute(FORGET_CLOSED, Tuple.of(view.name()));
            tx.execute(RENAME_CLOSED, Tuple.of(view.name(), built.name()));
        }
        // One that wasn't built from history lacks the events that wait.
        if (definitions.keepsState(tx, built)) {
            tx.execute(FORGET_WAITING, Tuple.of(view.name()));
            tx.execute(RENAME_WAITING, Tuple.of(view.name(), built.name()));
        }
    }

    private static boolean waits(View view) {
        return view instanceof View.Sql sql && sql.longestWait().isPresent();
    }

    /** Drops a view, whatever exists of it, and its rebuild. */
    void dropInTransaction(Tx tx, String name) {
        ColumnDdl.lock(tx, name);
        ColumnDdl.lock(tx);
        for (Row left : tx.execute(SELECT_UNFINISHED, Tuple.of(name))) {
            removeInTransaction(tx, Definitions.read(left.getString("name"), left.getJsonObject("definition")));
        }
        tx.execute(FORGET_REBUILD, Tuple.of(name));
        StoredDefinitions.find(tx, name)
                .flatMap(StoredDefinitions.Entry::view)
                .ifPresentOrElse(view -> kept.drop(tx, view), () -> kept.dropVisible(tx, name));
        forget(tx, name);
    }

    /** Drops a generation that won't be activated. */
    void removeInTransaction(Tx tx, View built) {
        ColumnDdl.lock(tx, built.name());
        ColumnDdl.lock(tx);
        kept.drop(tx, built);
        forget(tx, built.name());
    }

    private static void forget(Tx tx, String name) {
        for (String forget : List.of(
                FORGET_VIEW,
                FORGET_LANES,
                FORGET_DEAD_LETTERS,
                FORGET_PARKED,
                FORGET_WAITING,
                FORGET_LATE,
                FORGET_CLOSED)) {
            tx.execute(forget, Tuple.of(name));
        }
    }
}
