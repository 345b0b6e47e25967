package dev.leat.view.lane;

import dev.leat.catalog.BatchParameters;
import dev.leat.catalog.ViewCatalog;
import dev.leat.catalog.ViewTable;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.MigratedDatabase;
import dev.leat.postgres.PostgresConfig;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.TransactionsFixture;
import dev.leat.postgres.Tx;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.stack.Database;
import dev.leat.stack.Deadline;
import dev.leat.view.deduplication.DeduplicationFixture;
import dev.leat.view.deduplication.SeenEvents;
import dev.leat.view.fold.Folds;
import dev.leat.view.lane.apply.LaneWriters;
import dev.leat.view.outbox.OutboxTurns;
import dev.leat.view.outbox.OutboxTurnsFixture;
import dev.leat.view.rebuild.DefinitionChanges;
import dev.leat.view.rebuild.RebuildFixture;
import dev.leat.view.rebuild.RebuildRequests;
import dev.leat.view.rebuild.Rebuilds;
import dev.leat.view.redrive.RedriveFixture;
import dev.leat.view.redrive.RedriveOutcome;
import dev.leat.view.table.TablesFixture;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.StreamTimes;
import dev.leat.view.time.TimeFixture;
import dev.leat.view.time.ViewClosing;
import dev.leat.view.writer.ViewWriter;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Views without Quarkus: a database of its own on the shared Postgres, migrated, and a pool to it. */
public final class ViewsFixture implements AutoCloseable {

    private static final Duration PATIENCE = Deadline.GENEROUS;

    private final Vertx vertx = Vertx.vertx();
    private final Database database;
    private final Pool pool;
    private final PostgresConfig config = new Config(4);
    private Folds folds = Folds.none();

    public ViewsFixture() {
        database = MigratedDatabase.create("views");
        PgConnectOptions options = PgConnectOptions.fromUri(database.reactiveUrl())
                .setUser(database.user())
                .setPassword(database.password())
                .setCachePreparedStatements(true);
        pool = Pool.pool(vertx, options, new PoolOptions().setMaxSize(8));
    }

    private record Config(int transactions) implements PostgresConfig {
        @Override
        public String schema() {
            return "views";
        }

        @Override
        public Duration timeout() {
            return PATIENCE;
        }

        @Override
        public boolean migrate() {
            return true;
        }
    }

    public static Pipeline pipeline(Stream stream, View... views) {
        Map<String, View> byName = new LinkedHashMap<>();
        for (View view : views) {
            byName.put(view.name(), view);
        }
        return new Pipeline(Map.of(stream.name(), stream), byName);
    }

    public Database database() {
        return database;
    }

    /** Those that views may name from now on. */
    public ViewsFixture with(Folds those) {
        folds = those;
        return this;
    }

    public Pool pool() {
        return pool;
    }

    /** Up to where topics are read before others, as an instance has it. */
    public PgReadFirst readFirst() {
        return new PgReadFirst(pool, config);
    }

    public PostgresConfig config() {
        return config;
    }

    /** As an instance that starts: it knows of no table yet. */
    public ViewTables tables(Pipeline pipeline) {
        return tablesOf(pipeline).tables();
    }

    /** The same, with all that it needs for that. */
    TablesFixture tablesOf(Pipeline pipeline) {
        return new TablesFixture(pool, pipeline, config, transactions(), folds);
    }

    /** The columns that the views of a stream have by now, as an instance that starts knows them. */
    public List<Column> known(Pipeline pipeline, String stream) {
        return tablesOf(pipeline).known().of(stream);
    }

    /** The view as a reader finds it. */
    public ViewTable catalogued(String view) {
        ViewCatalog catalog = TablesFixture.catalog(pool);
        await(catalog.refresh());
        return catalog.view(view).orElseThrow();
    }

    /** What a lane applies its batches with. */
    public LaneParts views(Pipeline pipeline) {
        return views(pipeline, TimeFixture.withoutViews(transactions()));
    }

    LaneParts views(Pipeline pipeline, StreamTimes times) {
        return views(pipeline, times, tablesOf(pipeline));
    }

    LaneParts views(Pipeline pipeline, StreamTimes times, TablesFixture tables) {
        LaneWriters writers = new LaneWriters(pipeline, tables.tables(), tables.writers());
        return parts(pipeline, tables, writers, DeduplicationFixture.seen(pool, config), times, transactions(), config);
    }

    private LaneParts parts(
            Pipeline pipeline,
            TablesFixture tables,
            LaneWriters writers,
            SeenEvents seen,
            StreamTimes times,
            Transacting transactions,
            PostgresConfig config) {
        PgCheckpoints checkpoints = new PgCheckpoints(pool, config);
        return new LaneParts(
                new BatchApplier(pipeline, tables.tables(), writers, seen, times, transactions),
                checkpoints,
                new PgParkedKeys(pipeline, tables.tables(), checkpoints, transactions),
                new PastRows(pool, seen, config));
    }

    /** What an instance makes views anew with. */
    public Rebuilds rebuilds(Pipeline pipeline) {
        return rebuilding(pipeline).rebuilds();
    }

    /** What people ask of an instance. */
    public RebuildRequests requests(Pipeline pipeline) {
        return rebuilding(pipeline).requests();
    }

    /** What an instance finds changed when it starts. */
    public DefinitionChanges changes(Pipeline pipeline) {
        return rebuilding(pipeline).changes();
    }

    private RebuildFixture rebuilding(Pipeline pipeline) {
        return rebuilding(
                pipeline,
                TimeFixture.withoutViews(transactions()),
                TimeFixture.closing(transactions(), pipeline),
                tablesOf(pipeline));
    }

    RebuildFixture rebuilding(Pipeline pipeline, StreamTimes times, ViewClosing closing, TablesFixture tables) {
        return new RebuildFixture(
                this, pipeline, tables, new LaneWriters(pipeline, tables.tables(), tables.writers()), times, closing);
    }

    public Transacting transactions() {
        return TransactionsFixture.transactions(pool, config);
    }

    /** As another instance does it. */
    public RedriveOutcome redrive(
            Pipeline pipeline,
            TopicDecoder decoder,
            String topic,
            int partition,
            List<Long> letters,
            List<Long> evicted) {
        return instance(pipeline).redrive(() -> decoder, topic, partition, letters, evicted);
    }

    /** What one process has; all of it together may have a transaction at a time. */
    public Instance instance(Pipeline pipeline) {
        return new Instance(pipeline);
    }

    /** Lanes' views, and redrives beside them. */
    public final class Instance {
        private final PostgresConfig one = new Config(1);
        private final Transacting transactions = TransactionsFixture.transactions(pool, one);
        private final Pipeline pipeline;
        private final TablesFixture tables;
        private final LaneWriters writers;
        private final SeenEvents seen = DeduplicationFixture.seen(pool, one);
        private final StreamTimes times = TimeFixture.withoutViews(transactions);

        private Instance(Pipeline pipeline) {
            this.pipeline = pipeline;
            this.tables = new TablesFixture(pool, pipeline, one, transactions, folds);
            this.writers = new LaneWriters(pipeline, tables.tables(), tables.writers());
        }

        public LaneParts views() {
            return parts(pipeline, tables, writers, seen, times, transactions, one);
        }

        public RedriveOutcome redrive(
                Supplier<TopicDecoder> decoder, String topic, int partition, List<Long> letters, List<Long> evicted) {
            return new RedriveFixture(transactions, pipeline, tables.tables(), writers, seen, times)
                    .redrive(decoder, topic, partition, letters, evicted);
        }
    }

    /** A view of its own in this database, with its table. */
    public Applied view(Stream stream, View view, Rows first) {
        TablesFixture tables = tablesOf(pipeline(stream, view));
        tables.tables().ensure(stream, first.shape());
        return new Applied(tables.writers().of(view));
    }

    /** What applies rows to one view, as an instance does: a transaction a batch. */
    public final class Applied {
        private final ViewWriter writer;

        private Applied(ViewWriter writer) {
            this.writer = writer;
        }

        public void apply(Rows rows) {
            transactions().run(tx -> {
                writer.applyInTransaction(tx, rows, BatchParameters.all(rows));
                return null;
            });
        }
    }

    /** A transaction, as a lane has it. */
    public <T> T inTransaction(Function<Tx, T> work) {
        return transactions().run(work);
    }

    /** Turns at the outbox, as an instance takes them. */
    public OutboxTurns outboxTurns() {
        return OutboxTurnsFixture.turns(transactions());
    }

    public void run(String sql) {
        await(pool.query(sql).execute());
    }

    /** All rows of a query, as Vert.x reads them. */
    public List<List<Object>> rows(String sql) {
        List<List<Object>> all = new ArrayList<>();
        for (Row row : await(pool.query(sql).execute())) {
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                values.add(row.getValue(i));
            }
            all.add(values);
        }
        return all;
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }

    @Override
    public void close() {
        pool.closeAndAwait();
        vertx.closeAndAwait();
    }
}
