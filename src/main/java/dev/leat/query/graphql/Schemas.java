package dev.leat.query.graphql;

import dev.leat.catalog.ViewCatalog;
import dev.leat.catalog.ViewTable;
import dev.leat.http.Limits;
import dev.leat.query.ViewReader;
import graphql.GraphQL;
import graphql.analysis.MaxQueryDepthInstrumentation;
import graphql.execution.instrumentation.ChainedInstrumentation;
import graphql.schema.GraphQLSchema;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * The current schema. When the catalogue changes, a worker builds a new schema, one at a time, and swaps it in as a
 * whole. Running queries keep the schema that they began with. A view that can't be in it is left out.
 */
@ApplicationScoped
class Schemas {

    private static final Logger LOG = Logger.getLogger(Schemas.class);

    private final ViewCatalog catalog;
    private final RowsFetcher fetcher;
    private final GraphQlConfig config;

    // Both written under this by the worker that builds, read by all; immutable.
    private volatile GraphQL current;
    private volatile Map<String, ViewTable> tried;

    Schemas(ViewCatalog catalog, ViewReader reader, Limits limits, GraphQlConfig config) {
        this.catalog = catalog;
        this.fetcher = new RowsFetcher(reader::read, limits);
        this.config = config;
    }

    /** The schema of the current views. Waits while it is being built. */
    Uni<GraphQL> current() {
        GraphQL built = current;
        return built != null && catalog.snapshot().views().equals(tried)
                ? Uni.createFrom().item(built)
                : Uni.createFrom().item(this::build).runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    /** Builds if the views differ from those tried last. Compares content, because versions may be committed out of order. */
    void follow(@Observes ViewCatalog.Snapshot snapshot) {
        if (!snapshot.views().equals(tried)) {
            Infrastructure.getDefaultWorkerPool().execute(this::build);
        }
    }

    /** Builds what the catalogue holds when its turn comes, so that the last of many changes is never missed. */
    private synchronized GraphQL build() {
        Map<String, ViewTable> views = catalog.snapshot().views();
        if (!views.equals(tried)) {
            try {
                current = graphql(SchemaBuilder.build(views.values(), fetcher));
            } catch (RuntimeException e) {
                List<ViewTable> fit =
                        views.values().stream().filter(this::isFit).toList();
                LOG.errorf(
                        e,
                        "the GraphQL schema lacks views that it can't have: it has %s",
                        fit.stream().map(ViewTable::name).toList());
                current = graphql(SchemaBuilder.build(fit, fetcher));
            }
            tried = views;
        }
        return current;
    }

    private boolean isFit(ViewTable view) {
        try {
            SchemaBuilder.build(List.of(view), fetcher);
            return true;
        } catch (RuntimeException e) {
            LOG.errorf("GraphQL can't have a view view=%s error=%s", view.name(), e.getMessage());
            return false;
        }
    }

    private GraphQL graphql(GraphQLSchema schema) {
        return GraphQL.newGraphQL(schema)
                .queryExecutionStrategy(new NestedLists())
                .defaultDataFetcherExceptionHandler(new ProblemHandler())
                .instrumentation(new ChainedInstrumentation(
                        new MaxQueryDepthInstrumentation(config.maxDepth()),
                        new TopFieldsInstrumentation(config.maxFields())))
                .build();
    }
}
