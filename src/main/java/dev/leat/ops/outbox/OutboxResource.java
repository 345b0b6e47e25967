package dev.leat.ops.outbox;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.leat.http.Limits;
import dev.leat.http.Problem;
import dev.leat.view.outbox.EventOrigin;
import dev.leat.view.outbox.OutboxEvent;
import dev.leat.view.outbox.SetAside;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.OffsetDateTime;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

/** Events of views that are set aside, because Kafka can never take them as they are. Blocks: Postgres is asked. */
@Path("/api/outbox")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "outbox", description = "Events of views that can't be sent")
public class OutboxResource {

    private final SetAside aside;
    private final Limits limits;

    OutboxResource(SetAside aside, Limits limits) {
        this.aside = aside;
        this.limits = limits;
    }

    record SetAsideList(@JsonProperty("set_aside") List<SetAsideJson> setAside) {}

    /** The JSON form of an event. Key and value are base64; the source is null for rows that no event brings. */
    record SetAsideJson(
            long id,
            String view,
            String topic,
            String reason,
            byte[] key,
            byte[] value,
            @JsonProperty("event_timestamp") OffsetDateTime eventTimestamp,
            @JsonProperty("source_topic") String sourceTopic,
            @JsonProperty("source_partition") Integer sourcePartition,
            @JsonProperty("source_offset") Long sourceOffset,
            @JsonProperty("created_at") OffsetDateTime createdAt,
            @JsonProperty("set_aside_at") OffsetDateTime setAsideAt) {

        static SetAsideJson of(SetAside.Event aside) {
            OutboxEvent event = aside.event();
            EventOrigin origin = event.origin();
            return new SetAsideJson(
                    event.id(),
                    event.view(),
                    event.topic(),
                    aside.reason(),
                    event.key(),
                    event.value(),
                    origin.timestamp(),
                    origin.topic(),
                    origin.partition(),
                    origin.offset(),
                    aside.createdAt(),
                    aside.at());
        }
    }

    /** How many of them. */
    record Outcome(int redriven, int evicted) {}

    @GET
    @Operation(
            operationId = "setAside",
            summary = "Events that can't be sent, newest first",
            description = "With their bytes and the reason.")
    @APIResponse(responseCode = "200", description = "The events")
    @APIResponse(responseCode = "400", description = "A parameter is out of range")
    public SetAsideList setAside(
            @Parameter(description = "Only of this view; of all if missing") @RestQuery String view,
            @Parameter(description = "Only for this topic") @RestQuery String topic,
            @Parameter(description = "Only with an id below this one: the next page") @RestQuery Long before,
            @Parameter(description = "At most so many, as for the rows of a view") @RestQuery String limit) {
        return new SetAsideList(
                aside.list(new SetAside.Filter(null, view, topic), before, limits.checked(limit)).stream()
                        .map(SetAsideJson::of)
                        .toList());
    }

    @POST
    @Path("{id}/redrive")
    @Operation(
            operationId = "redriveSetAside",
            summary = "Redrive one",
            description = "Sends it again. Later events of its key may be in the topic by now.")
    @APIResponse(responseCode = "200", description = "How many wait to be sent again")
    @APIResponse(responseCode = "404", description = "No event that is set aside has this id")
    public Outcome redriveOne(@PathParam("id") long id) {
        return new Outcome(known(id, aside.redrive(new SetAside.Filter(id, null, null))), 0);
    }

    @DELETE
    @Path("{id}")
    @Operation(operationId = "evictSetAside", summary = "Evict one", description = "Gives it up.")
    @APIResponse(responseCode = "200", description = "How many were given up")
    @APIResponse(responseCode = "404", description = "No event that is set aside has this id")
    public Outcome evictOne(@PathParam("id") long id) {
        return new Outcome(0, known(id, aside.evict(new SetAside.Filter(id, null, null))));
    }

    @POST
    @Path("redrive")
    @Operation(
            operationId = "redriveAllSetAside",
            summary = "Redrive many",
            description = "All that match every parameter; `all=true` for all.")
    @APIResponse(responseCode = "200", description = "How many wait to be sent again")
    @APIResponse(responseCode = "400", description = "Neither a parameter nor all=true is given")
    public Outcome redrive(@RestQuery String view, @RestQuery String topic, @RestQuery boolean all) {
        return new Outcome(aside.redrive(filter(view, topic, all)), 0);
    }

    @DELETE
    @Operation(
            operationId = "evictAllSetAside",
            summary = "Evict many",
            description = "All that match every parameter; `all=true` for all.")
    @APIResponse(responseCode = "200", description = "How many were given up")
    @APIResponse(responseCode = "400", description = "Neither a parameter nor all=true is given")
    public Outcome evict(@RestQuery String view, @RestQuery String topic, @RestQuery boolean all) {
        return new Outcome(0, aside.evict(filter(view, topic, all)));
    }

    private static SetAside.Filter filter(String view, String topic, boolean all) {
        if (view == null && topic == null && !all) {
            throw Problem.badParameter(
                    "all", "say which: view or topic; or all=true for every event that is set aside");
        }
        return new SetAside.Filter(null, view, topic);
    }

    private static int known(long id, int found) {
        if (found == 0) {
            throw new Problem(404, "unknown-event", "Unknown event", "no event that is set aside has the id " + id);
        }
        return found;
    }
}
