package dev.leat.ops.view;

import dev.leat.http.DeclaredNames;
import dev.leat.http.Problem;
import dev.leat.pipeline.Pipeline;
import dev.leat.view.rebuild.Rebuild;
import dev.leat.view.rebuild.Rebuild.Source;
import dev.leat.view.rebuild.RebuildConflict;
import dev.leat.view.rebuild.RebuildRequests;
import dev.leat.view.rebuild.Rebuilds;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

/** Rebuilds, pauses and resumes views, and shows the progress. */
@Path("/api/views")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "rebuilds", description = "Rebuilding a view while the old one answers queries")
@APIResponse(responseCode = "404", description = "Unknown view; says which exist")
public class RebuildResource {

    private final Pipeline pipeline;
    private final Rebuilds rebuilds;
    private final RebuildRequests requests;

    RebuildResource(Pipeline pipeline, Rebuilds rebuilds, RebuildRequests requests) {
        this.pipeline = pipeline;
        this.rebuilds = rebuilds;
        this.requests = requests;
    }

    @GET
    @Path("{view}/rebuild")
    @Operation(
            operationId = "rebuildProgress",
            summary = "Progress of the last rebuild of a view, or of its catch-up after a pause")
    @APIResponse(responseCode = "200", description = "Its progress")
    @APIResponse(responseCode = "404", description = "Unknown view, or one that was never rebuilt")
    public RebuildJson progress(@PathParam("view") String view) {
        DeclaredNames.view(pipeline, view);
        return rebuilds.find(view)
                .map(RebuildJson::of)
                .orElseThrow(() -> new Problem(
                        404, "never-rebuilt", "Never rebuilt", "view '" + view + "' was never rebuilt nor paused"));
    }

    @POST
    @Path("{view}/rebuild")
    @Operation(
            operationId = "rebuild",
            summary = "Rebuild a view",
            description =
                    "As the pipeline declares it, beside the active table, which it replaces when it is complete.")
    @APIResponse(responseCode = "200", description = "It is requested; an instance that ingests takes it up")
    @APIResponse(responseCode = "400", description = "from is neither lake nor topic")
    @APIResponse(responseCode = "409", description = "A rebuild is running")
    public RebuildJson rebuild(
            @PathParam("view") String view,
            @Parameter(
                            description =
                                    "Where the events are read. Missing: lake and topic, which must hold the whole history. `lake`:"
                                            + " lake and topic, whatever they hold. `topic`: the topic, whatever it holds.")
                    @RestQuery
                    String from) {
        return change(view, name -> requests.request(name, source(from)));
    }

    @POST
    @Path("{view}/pause")
    @Operation(
            operationId = "pause",
            summary = "Pause a rebuild, or the view where there is none",
            description = "A paused view answers queries with what it has; after a resume it catches up.")
    @APIResponse(responseCode = "200", description = "It pauses after the current batch")
    @APIResponse(responseCode = "409", description = "There is nothing to pause")
    public RebuildJson pause(@PathParam("view") String view) {
        return change(view, requests::pause);
    }

    @POST
    @Path("{view}/resume")
    @Operation(operationId = "resume", summary = "Resume a paused rebuild or view")
    @APIResponse(responseCode = "200", description = "It resumes")
    @APIResponse(responseCode = "409", description = "It isn't paused")
    public RebuildJson resume(@PathParam("view") String view) {
        return change(view, requests::resume);
    }

    @POST
    @Path("{view}/cancel")
    @Operation(
            operationId = "cancel",
            summary = "Cancel a rebuild",
            description = "Its unfinished table is dropped; the active one stays.")
    @APIResponse(responseCode = "200", description = "It is cancelled")
    @APIResponse(responseCode = "409", description = "There is nothing to cancel")
    public RebuildJson cancel(@PathParam("view") String view) {
        return change(view, requests::cancel);
    }

    private RebuildJson change(String view, Function<String, Rebuild> change) {
        DeclaredNames.view(pipeline, view);
        try {
            return RebuildJson.of(change.apply(view));
        } catch (RebuildConflict conflict) {
            throw new Problem(409, "rebuild-conflict", "Not in this state", conflict.getMessage());
        }
    }

    private static Source source(String from) {
        return switch (from == null ? "" : from.toLowerCase(Locale.ROOT)) {
            case "" -> Source.ALL;
            case "lake" -> Source.LAKE;
            case "topic" -> Source.TOPIC;
            default -> throw Problem.badParameter("from", "from must be lake or topic, and is '" + from + "'");
        };
    }
}
