package dev.leat.ops.deadletter;

import dev.leat.http.DeclaredNames;
import dev.leat.http.Problem;
import dev.leat.pipeline.Pipeline;
import dev.leat.view.redrive.DeadLetterFilter;
import dev.leat.view.redrive.RedriveOutcome;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

/** Redrives dead letters or evicts them. Blocks: the registry and Postgres are asked. */
@Path("/api/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "dead letters")
public class RedriveResource {

    private final Pipeline pipeline;
    private final DeadLetterAdmin admin;

    RedriveResource(Pipeline pipeline, DeadLetterAdmin admin) {
        this.pipeline = pipeline;
        this.admin = admin;
    }

    @POST
    @Path("{id}/redrive")
    @Operation(
            operationId = "redriveOne",
            summary = "Redrive one",
            description = "Applies it again, and then the events that are parked behind it.")
    @APIResponse(responseCode = "200", description = "How many were applied")
    @APIResponse(responseCode = "404", description = "There is no open dead letter with this id")
    @APIResponse(responseCode = "503", description = "The registry doesn't answer")
    public RedriveOutcome redriveOne(@PathParam("id") long id) {
        return one(id, admin::redrive);
    }

    @DELETE
    @Path("{id}")
    @Operation(
            operationId = "evictOne",
            summary = "Evict one",
            description =
                    "Gives it up and applies the events that are parked behind it. It can be looked at for leat.view.keep-resolved.")
    @APIResponse(responseCode = "200", description = "How many were applied")
    @APIResponse(responseCode = "404", description = "There is no open dead letter with this id")
    @APIResponse(responseCode = "503", description = "The registry doesn't answer")
    public RedriveOutcome evictOne(@PathParam("id") long id) {
        return one(id, admin::evict);
    }

    @POST
    @Path("redrive")
    @Operation(
            operationId = "redrive",
            summary = "Redrive many",
            description =
                    "All open ones that match every parameter, in the order of their offsets; `all=true` for all.")
    @APIResponse(responseCode = "200", description = "How many were applied")
    @APIResponse(responseCode = "400", description = "Neither a parameter nor all=true is given")
    @APIResponse(responseCode = "503", description = "The registry doesn't answer; those before it are done")
    public RedriveOutcome redrive(
            @RestQuery String stream,
            @RestQuery String view,
            @RestQuery String reason,
            @RestQuery String topic,
            @RestQuery Integer partition,
            @RestQuery boolean all) {
        return admin.redrive(filter(stream, view, reason, topic, partition, all));
    }

    @DELETE
    @Operation(
            operationId = "evict",
            summary = "Evict many",
            description = "All open ones that match every parameter; `all=true` for all.")
    @APIResponse(responseCode = "200", description = "How many were applied")
    @APIResponse(responseCode = "400", description = "Neither a parameter nor all=true is given")
    @APIResponse(responseCode = "503", description = "The registry doesn't answer; those before it are done")
    public RedriveOutcome evict(
            @RestQuery String stream,
            @RestQuery String view,
            @RestQuery String reason,
            @RestQuery String topic,
            @RestQuery Integer partition,
            @RestQuery boolean all) {
        return admin.evict(filter(stream, view, reason, topic, partition, all));
    }

    private DeadLetterFilter filter(
            String stream, String view, String reason, String topic, Integer partition, boolean all) {
        if (stream == null && view == null && reason == null && topic == null && partition == null && !all) {
            throw Problem.badParameter(
                    "all",
                    "say which: stream, view, reason, topic or partition; or all=true for every open dead letter");
        }
        if (stream != null) {
            DeclaredNames.stream(pipeline, stream);
        }
        return new DeadLetterFilter(null, stream, view, reason, topic, partition);
    }

    private static RedriveOutcome one(long id, Function<DeadLetterFilter, RedriveOutcome> work) {
        RedriveOutcome outcome = work.apply(DeadLetterFilter.one(id));
        if (outcome.equals(RedriveOutcome.NOTHING)) {
            throw DeadLettersResource.unknown(id);
        }
        return outcome;
    }
}
