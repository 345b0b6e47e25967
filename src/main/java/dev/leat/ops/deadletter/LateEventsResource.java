package dev.leat.ops.deadletter;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.leat.http.Limits;
import dev.leat.view.time.LateEvent;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.OffsetDateTime;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

/** Events that came after their window was final. */
@Path("/api/late-events")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "late events", description = "Events that came too late for a view")
public class LateEventsResource {

    private final Limits limits;

    LateEventsResource(Limits limits) {
        this.limits = limits;
    }

    record LateEventList(@JsonProperty("late_events") List<LateEventJson> lateEvents) {}

    /** The JSON form of a late event. */
    record LateEventJson(
            long id,
            String stream,
            String view,
            String topic,
            int partition,
            long offset,
            @JsonProperty("event_time") OffsetDateTime eventTime,
            @JsonProperty("window_end") OffsetDateTime windowEnd,
            @JsonProperty("arrived_at") OffsetDateTime arrivedAt) {

        static LateEventJson of(LateEvent late) {
            return new LateEventJson(
                    late.id,
                    late.stream,
                    late.view,
                    late.topic,
                    late.partition,
                    late.offset,
                    late.eventTime,
                    late.windowEnd,
                    late.cameAt);
        }
    }

    @GET
    @Operation(
            operationId = "lateEvents",
            summary = "Events that came too late for a view, newest first",
            description = "With their position and the end of the window that was final. Kept for leat.view.keep-late.")
    @APIResponse(responseCode = "200", description = "The late events")
    @APIResponse(responseCode = "400", description = "A parameter is out of range")
    public Uni<LateEventList> lateEvents(
            @Parameter(description = "Only of this view; of all if missing") @RestQuery String view,
            @Parameter(description = "Only with an id below this one: the next page") @RestQuery Long before,
            @Parameter(description = "At most so many, as for the rows of a view") @RestQuery String limit) {
        return new NewestFirst()
                .with("view", view)
                .before(before)
                .list((query, with) -> LateEvent.<LateEvent>find(query, with), limits.checked(limit))
                .map(late ->
                        new LateEventList(late.stream().map(LateEventJson::of).toList()));
    }
}
