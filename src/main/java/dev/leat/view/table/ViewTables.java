package dev.leat.view.table;

import dev.leat.catalog.ColumnDdl;
import dev.leat.catalog.LaneViews;
import dev.leat.catalog.StoredDefinitions;
import dev.leat.catalog.TableUsers;
import dev.leat.catalog.ViewCatalog;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.PostgresConfig;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Shape;
import dev.leat.view.fold.Folds;
import dev.leat.view.sql.SqlView;
import dev.leat.view.writer.UnfitView;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Creates the views' tables and adds columns. Safe with several instances: one at a time holds an advisory lock and begins
 * with what the catalogue says. Widens a column when a contract's type was promoted; never drops, narrows or
 * renames one. Blocks.
 */
@ApplicationScoped
public class ViewTables {

    private static final String SELECT_SCHEMA = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1";

    private final Pipeline pipeline;
    private final PostgresConfig config;
    private final ViewCatalog catalog;
    private final Transacting transactions;
    private final StreamTables streamTables;
    private final StreamGrowth growth;
    private final SqlViews sqlViews;
    private final Folds folds;
    private final ViewWriters writers;
    private final DeclaredDefinitions definitions;
    private final PipelineCheck check;

    // The shape that a stream's tables are known to have. Lanes race here only to do the same thing twice.
    private final Map<String, Shape> ensured = new ConcurrentHashMap<>();

    ViewTables(
            Pipeline pipeline,
            PostgresConfig config,
            ViewCatalog catalog,
            Transacting transactions,
            StreamTables streamTables,
            SqlViews sqlViews,
            Folds folds,
            ViewWriters writers,
            DeclaredDefinitions definitions,
            PipelineCheck check) {
        this.pipeline = pipeline;
        this.config = config;
        this.catalog = catalog;
        this.transactions = transactions;
        this.streamTables = streamTables;
        this.growth = new StreamGrowth(pipeline, transactions, streamTables, new TableUsers(config, transactions));
        this.sqlViews = sqlViews;
        this.folds = folds;
        this.writers = writers;
        this.definitions = definitions;
        this.check = check;
    }

    /**
     * Checks the views in SQL before anything is made; see {@link PipelineCheck#check}.
     *
     * @param shapes of the streams, as far as they are known
     * @throws dev.leat.pipeline.PipelineException what is against the first view that can't be kept, with its place
     */
    public void check(Map<String, Shape> shapes) {
        check.check(shapes);
    }

    /**
     * Makes sure that every view of the stream, declared or existing, has a table with these columns.
     *
     * @throws UnfitView one can't have them; all others have
     */
    public void ensure(Stream stream, Shape shape) {
        if (ensured.get(stream.name()) == shape) {
            return;
        }
        for (View declared : pipeline.viewsOf(stream)) {
            if (declared instanceof View.OfStream view) {
                transactions.run(tx -> {
                    ColumnDdl.lock(tx);
                    ensureSchema(tx);
                    streamTables.ensureInTransaction(tx, stream, view, shape);
                    return null;
                });
            } else if (declared instanceof View.Fold fold) {
                folds.require(fold, pipeline, stream, shape);
                ensureFold(fold);
            }
        }
        Optional<UnfitView> unfit = growth.growAll(stream, shape);
        try {
            sqlViews.ensure(Map.of(stream.name(), shape));
        } catch (ContractException misfit) {
            throw unfit.isPresent() ? unfit.get() : misfit;
        }
        if (unfit.isPresent()) {
            throw unfit.get();
        }
        // Last: what isn't done for these columns is tried again at the next batch.
        ensured.put(stream.name(), shape);
        catalog.refresh().await().atMost(config.timeout());
    }

    /**
     * Gives a view the columns that it couldn't have while it rested.
     *
     * @throws UnfitView it can't have them yet
     */
    public void growAgain(View view, Stream stream, Shape shape) {
        growth.growAgain(view, stream, shape);
    }

    /** The same for a view in SQL. Not within a transaction that holds a lane. */
    public void makeAgain(View.Sql view) {
        sqlViews.makeAgain(view);
    }

    /** Creates what a lane applies its batches to, if another instance has begun it only now. */
    public void require(LaneViews lane) {
        lane.live().forEach(this::require);
    }

    public void require(View view) {
        if (view instanceof View.Sql sql) {
            sqlViews.require(sql);
        }
    }

    /** Within the transaction of a batch, after the lane's views were confirmed. */
    public void use(String topic, LaneViews lane, List<SqlView> all) {
        sqlViews.use(topic, lane, all);
    }

    /** @param call when somebody has resumed a view that can't be created */
    public void onResume(Runnable call) {
        sqlViews.refused().onResume(call);
    }

    /** The declared views that can't be created. */
    public List<View.Sql> uncreated() {
        return sqlViews.refused().uncreated().stream().map(SqlView::view).toList();
    }

    /** Whether one of them can be by now. Leaves nothing behind. */
    public boolean canBeCreated(View.Sql view) {
        return sqlViews.canBeCreated(sqlViews.of(view));
    }

    /** Creates it, unless it is to be derived from history first. Those that read it follow. */
    public void createAgain(View.Sql view) {
        sqlViews.createAgain(sqlViews.of(view));
        refresh();
        catalog.refresh().await().atMost(config.timeout());
    }

    /** Takes swapped-in views into use. */
    public void refresh() {
        sqlViews.ensure(Map.of());
    }

    /** Whether the stream's tables are known to have these columns. */
    public boolean areEnsured(Stream stream, Shape shape) {
        return ensured.get(stream.name()) == shape;
    }

    /** Another instance may have begun to create a view. */
    public void invalidate(Stream stream) {
        ensured.remove(stream.name());
    }

    /**
     * Checks what must exist before the first event: the folds.
     *
     * @throws ContractException when one isn't, or isn't fit for its view
     */
    public void requireFolds() {
        pipeline.views().values().forEach(view -> {
            if (view instanceof View.Fold fold) {
                folds.table(fold, pipeline);
            }
        });
    }

    private void ensureFold(View.Fold fold) {
        Folds.Table wanted = folds.table(fold, pipeline);
        transactions.run(tx -> {
            ColumnDdl.lock(tx);
            ensureSchema(tx);
            if (StoredDefinitions.find(tx, fold.name()).isPresent() || !StoredDefinitions.isRebuilt(tx, fold.name())) {
                FoldTables.ensureInTransaction(
                        tx, folds.versioned(fold, pipeline), wanted, writers.table(fold), definitions.hash(fold));
            }
            return null;
        });
    }

    /** Only where it doesn't exist: Postgres would warn at each start that it does. */
    private void ensureSchema(Tx tx) {
        if (tx.execute(SELECT_SCHEMA, Tuple.of(config.schema())).rowCount() == 0) {
            tx.execute("CREATE SCHEMA " + Sql.quote(config.schema()));
        }
    }

    /** Creates the empty tables of a generation. */
    public void create(Tx tx, View view, Map<String, Shape> shapes) {
        switch (view) {
            case View.OfStream ofStream ->
                streamTables.create(tx, pipeline.stream(ofStream.stream()), ofStream, shapes.get(ofStream.stream()));
            case View.Sql sql -> sqlViews.createInTransaction(tx, sql, shapes);
            case View.Fold fold ->
                FoldTables.create(
                        tx,
                        folds.versioned(fold, pipeline),
                        folds.table(fold, pipeline),
                        writers.table(fold),
                        definitions.hash(fold));
        }
    }
}
