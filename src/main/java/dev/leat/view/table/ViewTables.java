package dev.leat.view.table;

import dev.leat.catalog.ColumnDdl;
import dev.leat.catalog.LaneViews;
import dev.leat.catalog.StoredDefinitions;
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
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Makes the views' tables and gives them new columns. Safe with several instances: one at a time holds an advisory lock
 * and begins with what the catalogue says. Widens a column when a contract's type was promoted; never drops, narrows or
 * renames one. Blocks.
 */
@ApplicationScoped
public class ViewTables {

    private static final Logger LOG = Logger.getLogger(ViewTables.class);

    private static final String SELECT_SCHEMA = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1";
    private static final String SELECT_STANDING = """
            SELECT name FROM leat.view
            WHERE streams = ARRAY[$1] AND kind NOT IN ('sql', 'fold') AND left_at IS NULL ORDER BY name""";

    private final Pipeline pipeline;
    private final PostgresConfig config;
    private final ViewCatalog catalog;
    private final Transacting transactions;
    private final StreamTables streamTables;
    private final SqlViews sqlViews;
    private final Folds folds;
    private final ViewWriters writers;
    private final DeclaredDefinitions definitions;

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
            DeclaredDefinitions definitions) {
        this.pipeline = pipeline;
        this.config = config;
        this.catalog = catalog;
        this.transactions = transactions;
        this.streamTables = streamTables;
        this.sqlViews = sqlViews;
        this.folds = folds;
        this.writers = writers;
        this.definitions = definitions;
    }

    /**
     * Makes sure that every view of the stream has a table with these columns: those that are declared, and those that
     * stand there, by whatever definition.
     *
     * @throws ContractException when a view stands there with other types
     */
    public void ensure(Stream stream, Shape shape) {
        if (ensured.get(stream.name()) == shape) {
            return;
        }
        for (View declared : pipeline.viewsOf(stream)) {
            if (declared instanceof View.OfStream view) {
                transactions.run(tx -> {
                    tx.execute(ColumnDdl.LOCK);
                    ensureSchema(tx);
                    streamTables.ensureInTransaction(tx, stream, view, shape);
                    return null;
                });
            } else if (declared instanceof View.Fold fold) {
                folds.require(fold, pipeline, stream, shape);
                ensureFold(fold);
            }
        }
        for (String view : standing(stream)) {
            try {
                transactions.run(tx -> {
                    tx.execute(ColumnDdl.LOCK);
                    streamTables.growInTransaction(tx, stream, view, shape);
                    return null;
                });
            } catch (ContractException unfit) {
                if (pipeline.views().containsKey(view)) {
                    throw unfit;
                }
                // Another instance's, whose view of the stream is another.
                LOG.warnf("not grown view=%s error=%s", view, unfit.getMessage());
            }
        }
        ensured.put(stream.name(), shape);
        sqlViews.ensure(ensured);
        catalog.refresh().await().atMost(config.timeout());
    }

    /** What a lane is to apply its batches to; some of it may have been begun only now. */
    public void require(LaneViews lane) {
        lane.live().forEach(this::require);
    }

    public void require(View view) {
        if (view instanceof View.Sql sql) {
            sqlViews.require(sql);
        }
    }

    /** Within the transaction of a batch, once it is known that these are the lane's. */
    public void serve(String topic, LaneViews lane, List<SqlView> all) {
        sqlViews.serve(topic, lane, all);
    }

    /** Takes into use what has been put in its place. */
    public void refresh() {
        sqlViews.ensure(Map.of());
    }

    /** Whether nothing is left to be done for tables of these columns. */
    public boolean areEnsured(Stream stream, Shape shape) {
        return ensured.get(stream.name()) == shape;
    }

    /** Another instance may have begun to make a view. */
    public void lookAgain(Stream stream) {
        ensured.remove(stream.name());
    }

    private List<String> standing(Stream stream) {
        return transactions.run(tx -> {
            List<String> standing = new ArrayList<>();
            tx.execute(SELECT_STANDING, Tuple.of(stream.name())).forEach(row -> standing.add(row.getString(0)));
            return standing;
        });
    }

    /**
     * Looks at what must be there before any event is: the folds.
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
            tx.execute(ColumnDdl.LOCK);
            ensureSchema(tx);
            if (StoredDefinitions.find(tx, fold.name()).isPresent() || !StoredDefinitions.isRebuilt(tx, fold.name())) {
                FoldTables.ensureInTransaction(
                        tx, folds.versioned(fold), wanted, writers.table(fold), definitions.hash(fold));
            }
            return null;
        });
    }

    /** Only where it isn't there: Postgres would warn at each start that it is. */
    private void ensureSchema(Tx tx) {
        if (tx.execute(SELECT_SCHEMA, Tuple.of(config.schema())).rowCount() == 0) {
            tx.execute("CREATE SCHEMA " + Sql.quote(config.schema()));
        }
    }

    /** Makes what a generation is kept in, empty. */
    public void create(Tx tx, View view, Map<String, Shape> shapes) {
        switch (view) {
            case View.OfStream ofStream ->
                streamTables.create(tx, pipeline.stream(ofStream.stream()), ofStream, shapes.get(ofStream.stream()));
            case View.Sql sql -> sqlViews.createInTransaction(tx, sql, shapes);
            case View.Fold fold ->
                FoldTables.create(
                        tx,
                        folds.versioned(fold),
                        folds.table(fold, pipeline),
                        writers.table(fold),
                        definitions.hash(fold));
        }
    }
}
