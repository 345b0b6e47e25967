package dev.leat.ops.health;

import dev.leat.catalog.ViewCatalog;
import dev.leat.pipeline.PipelineConfig;
import dev.leat.query.CatalogRefresher;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready to answer queries once the catalogue of views has been read; always, where the role {@code query} is off. */
@Readiness
@ApplicationScoped
class CatalogReadiness implements AsyncHealthCheck {

    private final ViewCatalog catalog;
    private final CatalogRefresher refresher;
    private final boolean answersQueries;

    CatalogReadiness(ViewCatalog catalog, CatalogRefresher refresher, PipelineConfig config) {
        this.catalog = catalog;
        this.refresher = refresher;
        this.answersQueries = config.roles().contains(PipelineConfig.Role.QUERY);
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Uni.createFrom().item(() -> HealthCheckResponse.named("catalogue of views")
                .status(!answersQueries || refresher.hasRead())
                .withData("views", catalog.views().size())
                .build());
    }
}
