package dev.leat.ops.stream;

import dev.leat.http.DeclaredNames;
import dev.leat.pipeline.Pipeline;
import dev.leat.schema.Contracts;
import dev.leat.schema.contract.SchemaHistory;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Progress and contracts of streams. Runs on the event loop and never blocks it; what asks the registry runs on a worker. */
@Path("/api/streams")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "streams", description = "Progress, lag and dead letters of each stream")
public class StreamsResource {

    private final Pipeline pipeline;
    private final StreamStates states;
    private final Contracts contracts;

    StreamsResource(Pipeline pipeline, StreamStates states, Contracts contracts) {
        this.pipeline = pipeline;
        this.states = states;
        this.contracts = contracts;
    }

    /** The states of all streams. */
    record StreamList(List<StreamState> streams) {}

    @GET
    @Operation(
            operationId = "streams",
            summary = "All streams",
            description = "Their topics, partitions, checkpoints, lag, dead letters and lake files.")
    @APIResponse(responseCode = "200", description = "The streams; one says so if Kafka doesn't answer")
    public Uni<StreamList> streams() {
        return states.of(pipeline.streams().values()).map(StreamList::new);
    }

    @GET
    @Path("{stream}")
    @Operation(operationId = "stream", summary = "One stream")
    @APIResponse(responseCode = "200", description = "The stream")
    @APIResponse(responseCode = "404", description = "Unknown stream; says which exist")
    public Uni<StreamState> stream(@PathParam("stream") String name) {
        return states.of(List.of(DeclaredNames.stream(pipeline, name))).map(List::getFirst);
    }

    @GET
    @Path("{stream}/schema")
    @Blocking
    @Operation(
            operationId = "streamSchema",
            summary = "The versions of a stream's contract",
            description =
                    "As the registry has them, oldest first: what each changed, in words, and which columns came with"
                            + " it; and the compatibility rule for the next one.")
    @APIResponse(responseCode = "200", description = "The versions; none while the registry doesn't know the subject")
    @APIResponse(responseCode = "404", description = "Unknown stream; says which exist")
    @APIResponse(responseCode = "503", description = "The registry doesn't answer")
    public SchemaHistory schema(@PathParam("stream") String name) {
        return contracts.history(DeclaredNames.stream(pipeline, name));
    }
}
