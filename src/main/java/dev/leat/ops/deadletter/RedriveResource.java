package dev.leat.ops.deadletter;

import dev.leat.pipeline.Pipeline;
import dev.leat.view.redrive.DeadLetterFilter;
import dev.leat.view.redrive.RedriveOutcome;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BeanParam;
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

/** Redrives dead letters or evicts them. Blocks: the registry and Postgres are asked. */
@Path("/api/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "dead letters")
@APIResponse(responseCode = "200", description = "How many were applied")
@APIResponse(responseCode = "503", description = "The registry doesn't answer")
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
    @APIResponse(responseCode = "404", description = "There is no open dead letter with this id")
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
    @APIResponse(responseCode = "404", description = "There is no open dead letter with this id")
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
    @APIResponse(responseCode = "400", description = "Neither a parameter nor all=true is given")
    @APIResponse(responseCode = "503", description = "The registry doesn't answer; those before it are done")
    public RedriveOutcome redrive(@BeanParam OpenLetters which) {
        return admin.redrive(which.filter(pipeline));
    }

    @DELETE
    @Operation(
            operationId = "evict",
            summary = "Evict many",
            description = "All open ones that match every parameter; `all=true` for all.")
    @APIResponse(responseCode = "400", description = "Neither a parameter nor all=true is given")
    @APIResponse(responseCode = "503", description = "The registry doesn't answer; those before it are done")
    public RedriveOutcome evict(@BeanParam OpenLetters which) {
        return admin.evict(which.filter(pipeline));
    }

    private static RedriveOutcome one(long id, Function<DeadLetterFilter, RedriveOutcome> work) {
        RedriveOutcome outcome = work.apply(DeadLetterFilter.one(id));
        if (outcome.equals(RedriveOutcome.NOTHING)) {
            throw DeadLettersResource.unknown(id);
        }
        return outcome;
    }
}
