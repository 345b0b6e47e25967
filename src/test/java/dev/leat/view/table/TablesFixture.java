package dev.leat.view.table;

import dev.leat.catalog.ViewCatalog;
import dev.leat.failure.Failures;
import dev.leat.pipeline.Pipeline;
import dev.leat.postgres.PostgresConfig;
import dev.leat.postgres.Transacting;
import dev.leat.schema.KnownColumns;
import dev.leat.schema.names.NameStore;
import dev.leat.view.fold.Folds;
import dev.leat.view.outbox.EmittersFixture;
import dev.leat.view.time.ClosableViews;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.InstantSource;

/** Tables of views without Quarkus, as an instance makes them that starts: it knows of none yet. */
public final class TablesFixture {

    private final SqlViews sqlViews;
    private final KnownColumns known;
    private final ViewWriters writers;
    private final DeclaredDefinitions definitions;
    private final ViewTables tables;
    private final KeptTables kept;
    private final NameStore names;
    private final Failures failures = new Failures(InstantSource.system());

    public TablesFixture(Pool pool, Pipeline pipeline, PostgresConfig config, Transacting transactions, Folds folds) {
        sqlViews = new SqlViews(pipeline, config, transactions, EmittersFixture.inMemory(), failures);
        known = new PgKnownColumns(pool, pipeline, config);
        writers = new ViewWriters(pipeline, config, sqlViews, folds);
        definitions = new DeclaredDefinitions(pipeline, sqlViews, folds);
        tables = new ViewTables(
                pipeline,
                config,
                catalog(pool),
                transactions,
                new StreamTables(writers, definitions),
                sqlViews,
                folds,
                writers,
                definitions,
                new PipelineCheck(pipeline, transactions, sqlViews, writers, folds));
        kept = new KeptTables(writers, sqlViews, config);
        names = new PgNameStore(pool, config);
    }

    public static ViewCatalog catalog(Pool pool) {
        return new ViewCatalog(pool);
    }

    public KnownColumns known() {
        return known;
    }

    public Failures failures() {
        return failures;
    }

    public NameStore names() {
        return names;
    }

    public ViewWriters writers() {
        return writers;
    }

    public DeclaredDefinitions definitions() {
        return definitions;
    }

    public ViewTables tables() {
        return tables;
    }

    public KeptTables kept() {
        return kept;
    }

    public ClosableViews closableViews() {
        return sqlViews;
    }
}
