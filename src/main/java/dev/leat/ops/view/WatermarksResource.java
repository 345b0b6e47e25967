package dev.leat.ops.view;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.leat.http.DeclaredNames;
import dev.leat.pipeline.Pipeline;
import dev.leat.view.time.ViewTimes;
import dev.leat.view.time.ViewTimes.Partition;
import dev.leat.view.time.ViewTimes.StreamTime;
import dev.leat.view.time.ViewTimes.ViewTime;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Shows how far a view has come in event time, and which partitions hold it back. */
@Path("/api/views/{view}/watermarks")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "views")
public class WatermarksResource {

    private final Pipeline pipeline;
    private final ViewTimes times;

    WatermarksResource(Pipeline pipeline, ViewTimes times) {
        this.pipeline = pipeline;
        this.times = times;
    }

    /**
     * @param closes whether anything becomes final in the view; the rest is empty if not
     * @param grace in milliseconds
     */
    record Watermarks(
            String view,
            boolean closes,
            Instant watermark,
            @JsonProperty("closed_through") Instant closedThrough,
            @JsonProperty("grace_ms") long grace,
            List<StreamWatermark> streams) {

        static Watermarks of(ViewTime time) {
            return new Watermarks(
                    time.view(),
                    true,
                    time.watermark(),
                    time.closedThrough(),
                    time.grace().toMillis(),
                    time.streams().stream().map(StreamWatermark::of).toList());
        }
    }

    /** @param lateness in milliseconds */
    record StreamWatermark(
            String stream,
            Instant watermark,
            @JsonProperty("lateness_ms") long lateness,
            List<PartitionWatermark> partitions) {

        static StreamWatermark of(StreamTime time) {
            return new StreamWatermark(
                    time.stream(),
                    time.watermark(),
                    time.lateness().toMillis(),
                    time.partitions().stream().map(PartitionWatermark::of).toList());
        }
    }

    record PartitionWatermark(
            int partition,
            @JsonProperty("newest_event_time") Instant newestEventTime,
            @JsonProperty("last_arrival") Instant lastArrival,
            @JsonProperty("complete_at") Instant completeAt,
            boolean idle) {

        static PartitionWatermark of(Partition partition) {
            return new PartitionWatermark(
                    partition.partition(),
                    partition.newestEventTime(),
                    partition.lastArrival(),
                    partition.completeAt(),
                    partition.isIdle());
        }
    }

    @GET
    @Operation(
            operationId = "watermarks",
            summary = "How far a view has come in event time",
            description =
                    "Its watermark, up to when it is final, and for each partition of its streams the newest event"
                            + " time and whether it is idle. The lowest of those that aren't holds the view back.")
    @APIResponse(responseCode = "200", description = "Its watermarks")
    @APIResponse(responseCode = "404", description = "The pipeline has no such view")
    public Watermarks watermarks(@PathParam("view") String view) {
        DeclaredNames.view(pipeline, view);
        return times.of(view)
                .map(Watermarks::of)
                .orElseGet(() -> new Watermarks(view, false, null, null, 0, List.of()));
    }
}
