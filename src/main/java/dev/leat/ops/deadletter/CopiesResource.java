package dev.leat.ops.deadletter;

import dev.leat.http.DeclaredNames;
import dev.leat.http.Problem;
import dev.leat.pipeline.Pipeline;
import dev.leat.view.deadletter.DeadLetterOutbox;
import dev.leat.view.deadletter.DeadLetterOutbox.Copies;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

/** Copies of dead letters that Kafka can never take as they are. Blocks: Postgres is asked. */
@Path("/api/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "dead letters")
public class CopiesResource {

    private final Pipeline pipeline;
    private final DeadLetterOutbox outbox;

    CopiesResource(Pipeline pipeline, DeadLetterOutbox outbox) {
        this.pipeline = pipeline;
        this.outbox = outbox;
    }

    /** How many copies. */
    record Outcome(int redriven, int evicted) {}

    @POST
    @Path("{id}/copy/redrive")
    @Operation(
            operationId = "redriveCopy",
            summary = "Send one copy again",
            description = "That of a dead letter whose copy is set aside.")
    @APIResponse(responseCode = "200", description = "How many copies wait to be sent again")
    @APIResponse(responseCode = "404", description = "No dead letter with this id has a copy that is set aside")
    public Outcome redriveCopy(@PathParam("id") long id) {
        return new Outcome(known(id, outbox.redrive(new Copies(id, null, null))), 0);
    }

    @DELETE
    @Path("{id}/copy")
    @Operation(operationId = "evictCopy", summary = "Give one copy up", description = "The dead letter stays.")
    @APIResponse(responseCode = "200", description = "How many copies were given up")
    @APIResponse(responseCode = "404", description = "No dead letter with this id has a copy that is set aside")
    public Outcome evictCopy(@PathParam("id") long id) {
        return new Outcome(0, known(id, outbox.evict(new Copies(id, null, null))));
    }

    @POST
    @Path("copy/redrive")
    @Operation(
            operationId = "redriveCopies",
            summary = "Send many copies again",
            description =
                    "All that are set aside and match every parameter; `topic` is the copies'; `all=true` for all.")
    @APIResponse(responseCode = "200", description = "How many copies wait to be sent again")
    @APIResponse(responseCode = "400", description = "Neither a parameter nor all=true is given")
    public Outcome redriveCopies(@RestQuery String stream, @RestQuery String topic, @RestQuery boolean all) {
        return new Outcome(outbox.redrive(copies(stream, topic, all)), 0);
    }

    @DELETE
    @Path("copy")
    @Operation(
            operationId = "evictCopies",
            summary = "Give many copies up",
            description = "All that are set aside and match every parameter; `all=true` for all.")
    @APIResponse(responseCode = "200", description = "How many copies were given up")
    @APIResponse(responseCode = "400", description = "Neither a parameter nor all=true is given")
    public Outcome evictCopies(@RestQuery String stream, @RestQuery String topic, @RestQuery boolean all) {
        return new Outcome(0, outbox.evict(copies(stream, topic, all)));
    }

    private Copies copies(String stream, String topic, boolean all) {
        if (stream == null && topic == null && !all) {
            throw Problem.badParameter(
                    "all", "say which: stream or topic; or all=true for every copy that is set aside");
        }
        if (stream != null) {
            DeclaredNames.stream(pipeline, stream);
        }
        return new Copies(null, stream, topic);
    }

    private static int known(long id, int found) {
        if (found == 0) {
            throw new Problem(
                    404,
                    "unknown-copy",
                    "Unknown copy",
                    "no dead letter with id " + id + " has a copy that is set aside");
        }
        return found;
    }
}
