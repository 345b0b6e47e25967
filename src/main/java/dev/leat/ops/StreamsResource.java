package dev.leat.ops;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.query.Problem;
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

/** How far streams have come. Runs on the event loop and never blocks it. */
@Path("/api/streams")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "streams", description = "How far each stream has come, and what couldn't be applied")
public class StreamsResource {

    private final Pipeline pipeline;
    private final StreamStates states;

    StreamsResource(Pipeline pipeline, StreamStates states) {
        this.pipeline = pipeline;
        this.states = states;
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
        return states.of(List.of(declared(pipeline, name))).map(List::getFirst);
    }

    static Stream declared(Pipeline pipeline, String name) {
        if (!pipeline.streams().containsKey(name)) {
            throw new Problem(
                            404,
                            "unknown-stream",
                            "Unknown stream",
                            "there is no stream '" + name + "'; there are "
                                    + String.join(", ", pipeline.streams().keySet()))
                    .with("streams", pipeline.streams().keySet());
        }
        return pipeline.stream(name);
    }
}
