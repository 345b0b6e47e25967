package dev.leat.ops.view;

import dev.leat.http.DeclaredNames;
import dev.leat.http.Problem;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.schema.Contracts;
import dev.leat.schema.types.Shape;
import dev.leat.view.table.ViewWriters;
import dev.leat.view.writer.Explanation;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Explains how a view is maintained, and how large what is kept for it is by now. */
@Path("/api/views/{view}/explain")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "views")
public class ExplainResource {

    private final Pipeline pipeline;
    private final Contracts contracts;
    private final ViewWriters writers;
    private final KeptTables tables;

    ExplainResource(Pipeline pipeline, Contracts contracts, ViewWriters writers, KeptTables tables) {
        this.pipeline = pipeline;
        this.contracts = contracts;
        this.writers = writers;
        this.tables = tables;
    }

    /**
     * @param streams those whose events change it
     * @param tables with their sizes now; null where Postgres doesn't answer
     */
    record Explained(
            String view,
            String kind,
            List<String> streams,
            String kept,
            List<String> key,
            Map<String, String> columns,
            List<String> statements,
            List<String> state,
            List<KeptTables.Size> tables) {}

    @GET
    @Operation(
            operationId = "explain",
            summary = "How a view is maintained",
            description =
                    "Its key, each column's merge rule, the statements that run for a batch, the state that it needs and"
                            + " when that is cleaned up, and the tables that hold all this with their sizes now.")
    @APIResponse(responseCode = "200", description = "How it is maintained")
    @APIResponse(responseCode = "404", description = "The pipeline has no such view")
    @APIResponse(responseCode = "503", description = "A stream's contract isn't known yet")
    public Uni<Explained> explain(@PathParam("view") String name) {
        View view = DeclaredNames.view(pipeline, name);
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (String stream : view.streams()) {
            shapes.put(stream, contracts.shape(pipeline.stream(stream)).orElseThrow(() -> noContract(name, stream)));
        }
        Explanation how = writers.explain(view, shapes);
        return tables.of(view)
                .map(sizes -> new Explained(
                        name,
                        view.kind(),
                        view.streams(),
                        how.kept(),
                        how.key(),
                        how.columns(),
                        how.statements(),
                        how.state(),
                        sizes));
    }

    private static Problem noContract(String view, String stream) {
        return new Problem(
                503,
                "no-contract",
                "A contract isn't known yet",
                "view '" + view + "' waits for the contract of stream '" + stream
                        + "'; name it in `contract:`, or let a producer register it");
    }
}
