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
 * The schema that serves now. A changed catalogue is built into a new one on a worker, one at a time, and swapped in
 * whole; a question that came before goes on with the old one, and so do all if the new one can't be built.
 */
@ApplicationScoped
class Schemas {

    private static final Logger LOG = Logger.getLogger(Schemas.class);

    private final ViewCatalog catalog;
    private final Reading reading;
    private final GraphQlConfig config;

    // Both written under this by the worker that builds, read by all; immutable.
    private volatile GraphQL current;
    private volatile Map<String, ViewTable> tried;

    Schemas(ViewCatalog catalog, ViewReader reader, Limits limits, GraphQlConfig config) {
        this.catalog = catalog;
        this.reading = new Reading(reader::read, limits);
        this.config = config;
    }

    /** The schema of the views as they are now; who asks while it is being built waits for it. */
    Uni<GraphQL> current() {
        GraphQL serving = current;
        return serving != null && catalog.snapshot().views().equals(tried)
                ? Uni.createFrom().item(serving)
                : Uni.createFrom().item(this::build).runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    /** Starts building if the views differ from those tried last; by content, for versions may be committed in disorder. */
    void follow(@Observes ViewCatalog.Snapshot snapshot) {
        if (!snapshot.views().equals(tried)) {
            Infrastructure.getDefaultWorkerPool().execute(this::build);
        }
    }

    /** Builds what the catalogue holds when its turn comes, so that of many changes the last one is never missed. */
    private synchronized GraphQL build() {
        Map<String, ViewTable> views = catalog.snapshot().views();
        if (!views.equals(tried)) {
            try {
                current = graphql(SchemaBuilder.build(views.values(), reading));
            } catch (RuntimeException e) {
                LOG.errorf(e, "Can't build the GraphQL schema; the one before serves on: views=%s", views.keySet());
                if (current == null) {
                    current = graphql(SchemaBuilder.build(List.of(), reading));
                }
            }
            tried = views;
        }
        return current;
    }

    private GraphQL graphql(GraphQLSchema schema) {
        return GraphQL.newGraphQL(schema)
                .defaultDataFetcherExceptionHandler(new ProblemHandler())
                .instrumentation(new ChainedInstrumentation(
                        new MaxQueryDepthInstrumentation(config.maxDepth()),
                        new TopFieldsInstrumentation(config.maxFields())))
                .build();
    }
}
