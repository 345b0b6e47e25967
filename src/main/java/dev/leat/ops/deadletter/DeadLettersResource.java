package dev.leat.ops.deadletter;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.leat.http.DeclaredNames;
import dev.leat.http.Limits;
import dev.leat.http.Problem;
import dev.leat.pipeline.Pipeline;
import dev.leat.schema.Contracts;
import dev.leat.view.deadletter.DeadLetter;
import dev.leat.view.deadletter.ParkedEvent;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

/** Shows dead letters. Runs on the event loop; what asks the registry runs on a worker. */
@Path("/api/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "dead letters", description = "Events that couldn't be applied, and the events parked behind them")
public class DeadLettersResource {

    private final Pipeline pipeline;
    private final Limits limits;
    private final Contracts contracts;

    DeadLettersResource(Pipeline pipeline, Limits limits, Contracts contracts) {
        this.pipeline = pipeline;
        this.limits = limits;
        this.contracts = contracts;
    }

    /** Dead letters, newest first. */
    record DeadLetterList(@JsonProperty("dead_letters") List<DeadLetterJson> deadLetters) {}

    /** Which of them to list. */
    enum State {
        OPEN("resolution IS NULL"),
        REDRIVEN("resolution = 'redriven'"),
        EVICTED("resolution = 'evicted'"),
        ALL("1 = 1");

        private final String condition;

        State(String condition) {
            this.condition = condition;
        }
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
            @Parameter(description = "set_aside: only those whose copy can't be sent") @RestQuery String copy,
            @Parameter(description = "Only with an id below this one: the next page") @RestQuery Long before,
            @Parameter(description = "At most so many, as for the rows of a view") @RestQuery String limit) {
        if (stream != null) {
            DeclaredNames.stream(pipeline, stream);
        }
        return new NewestFirst()
                .with("stream", stream)
                .with("view", view)
                .with("reason", reason)
                .and(state(state).condition)
                .and(copy(copy))
                .before(before)
                .list((query, with) -> DeadLetter.<DeadLetter>find(query, with), limits.checked(limit))
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

    private static String copy(String copy) {
        if (copy == null) {
            return "1 = 1";
        }
        if (copy.equalsIgnoreCase("set_aside")) {
            return "copyRefused IS NOT NULL";
        }
        throw Problem.badParameter("copy", "copy must be set_aside, and is '" + copy + "'");
    }

    @GET
    @Path("{id}")
    @Operation(
            operationId = "deadLetter",
            summary = "One dead letter",
            description = "Decoded as far as possible, with the number of events that are parked behind it.")
    @APIResponse(responseCode = "200", description = "The dead letter")
    @APIResponse(responseCode = "404", description = "There is none with this id")
    public Uni<DeadLetterDetail> deadLetter(@PathParam("id") long id) {
        return Panache.withSession(() -> DeadLetter.<DeadLetter>findById(id)
                        .onItem()
                        .ifNull()
                        .failWith(() -> unknown(id))
                        .chain(letter -> parkedEvents(letter).map(parked -> new Found(letter, parked))))
                // The registry may have to be asked.
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(found -> DeadLetterDetail.of(found.letter(), found.parkedEvents(), contracts));
    }

    private record Found(DeadLetter letter, long parkedEvents) {}

    private static Uni<Long> parkedEvents(DeadLetter letter) {
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

    /** There is no dead letter with this id. */
    static Problem unknown(long id) {
        return new Problem(
                404, "unknown-dead-letter", "Unknown dead letter", "there is no open dead letter with id " + id);
    }
}
