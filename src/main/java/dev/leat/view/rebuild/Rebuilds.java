package dev.leat.view.rebuild;

import dev.leat.catalog.Definitions;
import dev.leat.catalog.ViewCatalog;
import dev.leat.failure.Failure.Cause;
import dev.leat.pipeline.View;
import dev.leat.postgres.PostgresConfig;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.view.lane.PgCheckpoints;
import dev.leat.view.lane.apply.LaneWriters;
import dev.leat.view.rebuild.Rebuild.State;
import dev.leat.view.table.DeclaredDefinitions;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.StreamTimes;
import dev.leat.view.writer.UnfitView;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * The steps of a rebuild, and of catching up after a pause, for the instance that has claimed it. Each step is a transaction
 * that checks the state it expects, so an instance that has lost its claim changes nothing. Blocks.
 */
@ApplicationScoped
public class Rebuilds {

    private static final String SELECT_CLAIMABLE = """
            SELECT view, definition FROM leat.rebuild
            WHERE state IN ('REQUESTED', 'RUNNING') AND (owner IS NULL OR owner = $1 OR owned_until < now())
            FOR UPDATE SKIP LOCKED""";
    private static final String CLAIM = """
            UPDATE leat.rebuild SET owner = $1, owned_until = now() + interval '10 seconds' WHERE view = ANY ($2)""";
    private static final String RELEASE = "UPDATE leat.rebuild SET owner = NULL WHERE owner = $1";
    private static final String SAVE_RATE = "UPDATE leat.rebuild SET rate = $2, updated_at = now() WHERE view = $1";
    private static final String SELECT_LANES = """
            SELECT v.view, v.topic, v.partition, v.next_offset, v.version, c.next_offset AS checkpoint
            FROM leat.view_lane v JOIN leat.checkpoint c USING (topic, partition)
            WHERE v.view = $1 ORDER BY v.topic, v.partition""";
    private static final String SELECT_FIRST =
            "SELECT partition, coalesce(first_offset, 0), next_offset FROM leat.checkpoint WHERE topic = $1";

    private final Transacting transactions;
    private final DeclaredDefinitions definitions;
    private final ViewTables tables;
    private final GenerationTables generations;
    private final LaneWriters writers;
    private final JoinCatchUp joins;
    private final StreamTimes times;
    private final ViewCatalog catalog;
    private final PostgresConfig config;

    Rebuilds(
            Transacting transactions,
            DeclaredDefinitions definitions,
            ViewTables tables,
            GenerationTables generations,
            LaneWriters writers,
            JoinCatchUp joins,
            StreamTimes times,
            ViewCatalog catalog,
            PostgresConfig config) {
        this.transactions = transactions;
        this.definitions = definitions;
        this.tables = tables;
        this.generations = generations;
        this.writers = writers;
        this.joins = joins;
        this.times = times;
        this.catalog = catalog;
        this.config = config;
    }

    /**
     * A lane's first offset and its position.
     *
     * @param first offset of the first event that Leat has taken or may have taken
     */
    public record Span(int partition, long first, long next) {}

    /** The last rebuild of the view; empty when there was none. */
    public Optional<Rebuild> find(String view) {
        return transactions.run(tx -> PgRebuilds.find(tx, view));
    }

    public List<Rebuild> all() {
        return transactions.run(PgRebuilds::all);
    }

    /** Claims, for ten seconds, all rebuilds that no instance works on. */
    public List<String> claim(UUID owner) {
        return transactions.run(tx -> {
            List<String> mine = new ArrayList<>();
            for (Row row : tx.execute(SELECT_CLAIMABLE, Tuple.of(owner))) {
                String name = row.getString("view");
                // An instance without the stream or the fold leaves the rebuild to one that has it.
                if (definitions.isMakeable(Definitions.read(name, row.getJsonObject("definition")))) {
                    mine.add(name);
                }
            }
            tx.execute(CLAIM, Tuple.of(owner, mine.toArray(String[]::new)));
            return mine;
        });
    }

    /** Releases the claims, so that other instances needn't wait until they expire. */
    public void release(UUID owner) {
        transactions.run(tx -> tx.execute(RELEASE, Tuple.of(owner)));
    }

    /** Whether the view is derived from history; one that only writes to a topic begins with the next event. */
    public boolean keepsState(View view) {
        return transactions.run(tx -> definitions.keepsState(tx, view));
    }

    public List<Span> spans(String topic) {
        return transactions.run(tx -> {
            List<Span> spans = new ArrayList<>();
            for (Row row : tx.execute(SELECT_FIRST, Tuple.of(topic))) {
                spans.add(new Span(row.getInteger(0), row.getLong(1), row.getLong(2)));
            }
            return spans;
        });
    }

    /**
     * Creates the new generation's table.
     *
     * @param shapes of its streams, by name
     * @param starts offset at which it starts on each partition, by topic
     * @param begins the same by topic-partition, of those that start after the stream's first event
     */
    public void begin(
            Rebuild rebuild,
            Map<String, Shape> shapes,
            Map<String, Map<Integer, Long>> starts,
            Map<String, Long> begins) {
        transactions.run(tx -> {
            PgCheckpoints.lockAllInTransaction(tx);
            if (PgRebuilds.lock(tx, rebuild.view()).orElseThrow().state() == State.REQUESTED) {
                String built = generations.beginInTransaction(tx, rebuild, shapes, starts);
                PgRebuilds.begin(tx, rebuild.view(), built, begins);
            }
            return null;
        });
    }

    /** The lanes that the rebuild has yet to catch up with. */
    public List<LaneToCatchUp> lanes(Rebuild rebuild) {
        return transactions.run(tx -> {
            List<LaneToCatchUp> lanes = new ArrayList<>();
            for (Row row : tx.execute(SELECT_LANES, Tuple.of(rebuild.builds()))) {
                lanes.add(new LaneToCatchUp(
                        row.getString("view"),
                        row.getString("topic"),
                        row.getInteger("partition"),
                        row.getLong("next_offset"),
                        row.getLong("version"),
                        row.getLong("checkpoint")));
            }
            return lanes;
        });
    }

    /**
     * Whether it is known how far the streams behind the views have come that the view joins, if its events wait for that. To be
     * asked before each batch: most events of the past needn't wait.
     */
    public boolean isRightSideKnown(View view) {
        return joins.noteRightSide(view);
    }

    /** Before a view catches up: what it couldn't be while it rested, it may be now. */
    public void takeUp(Rebuild rebuild) {
        if (rebuild.isCatchUp() && rebuild.definition() instanceof View.Sql view) {
            tables.makeAgain(view);
        }
    }

    public CatchUpOutcome apply(CatchUp batch) {
        ensure(batch);
        return transact(tx -> {
            new CatchUpTransaction(tx, batch, writers.of(batch.view()), times).run();
            return new CatchUpOutcome.Applied();
        });
    }

    private CatchUpOutcome transact(Function<Tx, CatchUpOutcome> work) {
        try {
            return transactions.run(work);
        } catch (CatchUpRolledBack e) {
            return e.outcome();
        }
    }

    private void ensure(CatchUp batch) {
        for (Rows rows : batch.rows()) {
            if (!rows.isEmpty()) {
                ensure(batch.view(), rows);
                tables.growAgain(batch.view(), rows.stream(), rows.shape());
            }
        }
        tables.require(batch.view());
    }

    /** Another view of the stream that can't have its columns is its lanes' matter. */
    private void ensure(View view, Rows rows) {
        try {
            tables.ensure(rows.stream(), rows.shape());
        } catch (UnfitView unfit) {
            if (unfit.view().equals(view.name())) {
                throw unfit;
            }
        }
    }

    /**
     * Makes the view live on a lane: while the lane is locked, the view gets the events that it still lacks.
     *
     * @param rest gives the events below the lane's checkpoint; empty when that would take too long
     * @return {@link CatchUpOutcome.Applied} when the view is live there now
     */
    public CatchUpOutcome handOver(LaneToCatchUp lane, LongFunction<Optional<CatchUp>> rest) {
        return transact(tx -> {
            long checkpoint = PgCheckpoints.standStillInTransaction(tx, lane.topic(), lane.partition());
            Optional<CatchUp> batch = rest.apply(checkpoint);
            if (batch.isEmpty() || batch.get().next() != checkpoint) {
                return new CatchUpOutcome.NotYet();
            }
            ensure(batch.get());
            CatchUpTransaction last = new CatchUpTransaction(
                    tx, batch.get(), writers.of(batch.get().view()), times);
            last.run();
            last.handOver();
            return new CatchUpOutcome.Applied();
        });
    }

    /**
     * Activates the new generation, if it has all that the lanes have.
     *
     * @return whether the rebuild is over
     */
    public boolean finish(String view) {
        find(view)
                .filter(rebuild -> rebuild.state() == State.RUNNING && !rebuild.isCatchUp())
                .filter(rebuild -> lanes(rebuild).isEmpty())
                .ifPresent(
                        rebuild -> joins.closeAsFarAs(view, Definitions.named(rebuild.builds(), rebuild.definition())));
        boolean over = transactions.run(tx -> {
            PgCheckpoints.lockAllInTransaction(tx);
            Rebuild current = PgRebuilds.lock(tx, view).orElseThrow();
            if (current.state() != State.RUNNING
                    || tx.execute(SELECT_LANES, Tuple.of(current.builds())).size() > 0) {
                return current.state().isOver();
            }
            if (!current.isCatchUp()) {
                if (joins.lacksReleasedInTransaction(tx, Definitions.named(current.builds(), current.definition()))) {
                    return false;
                }
                generations.activateInTransaction(tx, current);
            }
            PgRebuilds.move(tx, view, State.DONE, null);
            return true;
        });
        // Lanes see the change by themselves; an instance without lanes closes the view as it is now.
        tables.refresh();
        catalog.refresh().await().atMost(config.timeout());
        return over;
    }

    /** Ends a rebuild that can't go on. The active generation stays, and the new one is dropped. */
    public void giveUp(String view, State how, String message) {
        giveUp(view, how, message, null);
    }

    /** @param cause of which kind that is which a view that can't catch up rests for; may be null */
    public void giveUp(String view, State how, String message, Cause cause) {
        transactions.run(tx -> {
            PgCheckpoints.lockAllInTransaction(tx);
            Rebuild current = PgRebuilds.lock(tx, view).orElseThrow();
            if (!current.state().isOver()) {
                if (current.builds() != null && !current.isCatchUp()) {
                    generations.removeInTransaction(tx, Definitions.named(current.builds(), current.definition()));
                }
                // A view that can't catch up stays as it is, and paused.
                PgRebuilds.move(tx, view, current.isCatchUp() ? State.PAUSED : how, message, cause);
            }
            return null;
        });
    }

    public void saveRate(String view, double rate) {
        transactions.run(tx -> tx.execute(SAVE_RATE, Tuple.of(view, rate)));
    }
}
