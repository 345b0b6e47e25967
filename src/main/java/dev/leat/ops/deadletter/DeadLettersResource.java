package dev.leat.ops.deadletter;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.leat.http.DeclaredNames;
import dev.leat.http.Limits;
import dev.leat.http.Problem;
import dev.leat.ops.stream.StreamsResource;
import dev.leat.pipeline.Pipeline;
import dev.leat.schema.Contracts;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.view.deadletter.DeadLetter;
import dev.leat.view.deadletter.ParkedEvent;
import dev.leat.view.redrive.DeadLetterFilter;
import dev.leat.view.redrive.RedriveOutcome;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.panache.common.Parameters;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

/** What couldn't be applied: looked at, tried again, given up. */
@Path("/api/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "dead letters", description = "Events that couldn't be applied, and those that wait behind them")
public class DeadLettersResource {

    private final Pipeline pipeline;
    private final Limits limits;
    private final Contracts contracts;
    private final DeadLetterAdmin admin;

    DeadLettersResource(Pipeline pipeline, Limits limits, Contracts contracts, DeadLetterAdmin admin) {
        this.pipeline = pipeline;
        this.limits = limits;
        this.contracts = contracts;
        this.admin = admin;
    }

    /** Dead letters, newest first. */
    record DeadLetterList(@JsonProperty("dead_letters") List<DeadLetterJson> deadLetters) {}

    /** Which of them to list. */
    enum State {
        OPEN,
        REDRIVEN,
        EVICTED,
        ALL
    }

    @GET
    @Operation(
            operationId = "deadLetters",
            summary = "Events that couldn't be applied, newest first",
            description = "With their bytes, position and reason.")
    @APIResponse(responseCode = "200", description = "The dead letters")
    @APIResponse(responseCode = "400", description = "A parameter is out of range")
    @APIResponse(responseCode = "404", description = "Unknown stream; says which exist")
    public Uni<DeadLetterList> deadLetters(
            @Parameter(description = "Only of this stream; of all, and of none, if missing") @RestQuery String stream,
            @Parameter(description = "Only those that this view refused") @RestQuery String view,
            @Parameter(description = "Only with this reason, as NOT_FRAMED") @RestQuery String reason,
            @Parameter(description = "open (if missing), redriven, evicted or all") @RestQuery String state,
            @Parameter(description = "Only with an id below this one: the next page") @RestQuery Long before,
            @Parameter(description = "As for the rows of a view") @RestQuery String limit) {
        int most = limit == null ? limits.defaultLimit() : limits.checked(limit);
        List<String> conditions = new ArrayList<>(List.of("1 = 1"));
        Parameters parameters = new Parameters();
        if (stream != null) {
            DeclaredNames.stream(pipeline, stream);
            conditions.add("stream = :stream");
            parameters.and("stream", stream);
        }
        if (view != null) {
            conditions.add("view = :view");
            parameters.and("view", view);
        }
        if (reason != null) {
            conditions.add("reason = :reason");
            parameters.and("reason", reason);
        }
        if (before != null) {
            conditions.add("id < :before");
            parameters.and("before", before);
        }
        switch (state(state)) {
            case OPEN -> conditions.add("resolution IS NULL");
            case REDRIVEN -> conditions.add("resolution = 'redriven'");
            case EVICTED -> conditions.add("resolution = 'evicted'");
            case ALL -> {}
        }
        return Panache.withSession(() -> DeadLetter.<DeadLetter>find(
                                String.join(" AND ", conditions) + " ORDER BY id DESC", parameters)
                        .range(0, most - 1)
                        .list())
                .map(letters -> new DeadLetterList(
                        letters.stream().map(DeadLetterJson::of).toList()));
    }

    private static State state(String state) {
        for (State known : State.values()) {
            if (state == null || known.name().equalsIgnoreCase(state)) {
                return known;
            }
        }
        throw Problem.badParameter("state", "state must be open, redriven, evicted or all, and is '" + state + "'");
    }

    @GET
    @Path("{id}")
    @Operation(
            operationId = "deadLetter",
            summary = "One dead letter",
            description = "Decoded as far as it can be, and with the number of events that wait behind it.")
    @APIResponse(responseCode = "200", description = "The dead letter")
    @APIResponse(responseCode = "404", description = "There is none with this id")
    public Uni<DeadLetterDetail> deadLetter(@PathParam("id") long id) {
        return Panache.withSession(() -> DeadLetter.<DeadLetter>findById(id)
                        .onItem()
                        .ifNull()
                        .failWith(() -> unknown(id))
                        .chain(letter -> waiting(letter).map(waiting -> new Found(letter, waiting))))
                // The registry may have to be asked.
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(found -> DeadLetterDetail.of(found.letter(), found.waiting(), contracts));
    }

    private record Found(DeadLetter letter, long waiting) {}

    private static Uni<Long> waiting(DeadLetter letter) {
        if (!letter.parks || letter.resolution != null) {
            return Uni.createFrom().item(0L);
        }
        return ParkedEvent.count(
                "topic = ?1 AND partition = ?2 AND key = ?3 AND offset > ?4"
                        + " AND (?5 IS NULL OR view IS NULL OR view = ?5)",
                letter.topic,
                letter.partition,
                letter.key,
                letter.offset,
                letter.view);
    }

    @POST
    @Path("{id}/redrive")
    @Blocking
    @Operation(
            operationId = "redriveOne",
            summary = "Try one again",
            description = "What waits behind it goes on, if it can be applied now.")
    @APIResponse(responseCode = "200", description = "What has come of it")
    @APIResponse(responseCode = "404", description = "There is no open dead letter with this id")
    @APIResponse(responseCode = "503", description = "The registry doesn't answer")
    public RedriveOutcome redriveOne(@PathParam("id") long id) {
        return one(id, admin::redrive);
    }

    @DELETE
    @Path("{id}")
    @Blocking
    @Operation(
            operationId = "evictOne",
            summary = "Give one up",
            description = "What waits behind it goes on. It can be looked at for leat.view.keep-resolved.")
    @APIResponse(responseCode = "200", description = "What has come of it")
    @APIResponse(responseCode = "404", description = "There is no open dead letter with this id")
    @APIResponse(responseCode = "503", description = "The registry doesn't answer")
    public RedriveOutcome evictOne(@PathParam("id") long id) {
        return one(id, admin::evict);
    }

    @POST
    @Path("redrive")
    @Blocking
    @Operation(
            operationId = "redrive",
            summary = "Try many again",
            description = "All open ones that have what is asked for; `all=true` if nothing is. In the order of their"
                    + " offsets.")
    @APIResponse(responseCode = "200", description = "What has come of them")
    @APIResponse(responseCode = "400", description = "Nothing is asked for, nor all")
    @APIResponse(responseCode = "503", description = "The registry doesn't answer; those before are done")
    public RedriveOutcome redrive(
            @RestQuery String stream,
            @RestQuery String view,
            @RestQuery String reason,
            @RestQuery String topic,
            @RestQuery Integer partition,
            @RestQuery boolean all) {
        return many(filter(stream, view, reason, topic, partition, all), admin::redrive);
    }

    @DELETE
    @Blocking
    @Operation(
            operationId = "evict",
            summary = "Give many up",
            description = "All open ones that have what is asked for; `all=true` if nothing is.")
    @APIResponse(responseCode = "200", description = "What has come of them")
    @APIResponse(responseCode = "400", description = "Nothing is asked for, nor all")
    @APIResponse(responseCode = "503", description = "The registry doesn't answer; those before are done")
    public RedriveOutcome evict(
            @RestQuery String stream,
            @RestQuery String view,
            @RestQuery String reason,
            @RestQuery String topic,
            @RestQuery Integer partition,
            @RestQuery boolean all) {
        return many(filter(stream, view, reason, topic, partition, all), admin::evict);
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
        RedriveOutcome outcome = many(DeadLetterFilter.one(id), work);
        if (outcome.equals(RedriveOutcome.NOTHING)) {
            throw unknown(id);
        }
        return outcome;
    }

    private static RedriveOutcome many(DeadLetterFilter filter, Function<DeadLetterFilter, RedriveOutcome> work) {
        try {
            return work.apply(filter);
        } catch (RegistryOutage e) {
            throw StreamsResource.registryIsAway(e);
        }
    }

    private static Problem unknown(long id) {
        return new Problem(
                404, "unknown-dead-letter", "Unknown dead letter", "there is no open dead letter with id " + id);
    }
}
