package dev.leat.query;

import dev.leat.catalog.ViewCatalog;
import dev.leat.catalog.ViewTable;
import dev.leat.http.Problem;
import dev.leat.pipeline.PipelineConfig;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;

/** The views that may be asked about. Every method fails with a {@link Problem} where the role {@code query} is off. */
@ApplicationScoped
public class QueryableViews {

    private final ViewCatalog catalog;
    private final CatalogRefresher refresher;
    private final boolean answersQueries;

    QueryableViews(ViewCatalog catalog, CatalogRefresher refresher, PipelineConfig config) {
        this.catalog = catalog;
        this.refresher = refresher;
        this.answersQueries = config.roles().contains(PipelineConfig.Role.QUERY);
    }

    public Collection<ViewTable> all() {
        return snapshot().views().values();
    }

    public ViewCatalog.Snapshot snapshot() {
        if (!answersQueries) {
            throw ViewProblems.noQueryRole();
        }
        return catalog.snapshot();
    }

    /** The view of that name; one that isn't known is looked for in Postgres before it is said not to exist. */
    public Uni<ViewTable> view(String name) {
        ViewTable known = snapshot().views().get(name);
        if (known != null) {
            return Uni.createFrom().item(known);
        }
        return refresher.refreshOnDemand().map(read -> {
            ViewTable found = read.views().get(name);
            if (found == null) {
                throw Problem.unknown("view", name, read.views().keySet());
            }
            return found;
        });
    }
}
