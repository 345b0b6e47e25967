package dev.leat.ops.view;

import dev.leat.catalog.ViewCatalog;
import dev.leat.http.Problem;
import dev.leat.postgres.PostgresConfig;
import dev.leat.view.rebuild.RebuildConflict;
import dev.leat.view.rebuild.RebuildRequests;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Drops views that no pipeline declares any more. Until then they answer with their last rows, and say so. */
@Path("/api/views/{view}")
@Blocking
@Tag(name = "views")
public class DropResource {

    private final ViewCatalog catalog;
    private final PostgresConfig config;
    private final RebuildRequests requests;

    DropResource(ViewCatalog catalog, PostgresConfig config, RebuildRequests requests) {
        this.catalog = catalog;
        this.config = config;
        this.requests = requests;
    }

    @DELETE
    @Operation(
            operationId = "dropView",
            summary = "Drop a view that the pipeline doesn't declare any more",
            description = "With its table, its state, its dead letters and its late events.")
    @APIResponse(responseCode = "204", description = "It is gone")
    @APIResponse(responseCode = "404", description = "Unknown view; says which exist")
    @APIResponse(responseCode = "409", description = "It is declared, or something of Postgres reads it")
    public void drop(@PathParam("view") String view) {
        refresh();
        if (catalog.view(view).isEmpty()) {
            throw Problem.unknown("view", view, catalog.snapshot().views().keySet());
        }
        try {
            requests.drop(view);
        } catch (RebuildConflict conflict) {
            throw new Problem(409, "view-in-use", "The view is in use", conflict.getMessage());
        }
        refresh();
    }

    private void refresh() {
        catalog.refresh().await().atMost(config.timeout());
    }
}
