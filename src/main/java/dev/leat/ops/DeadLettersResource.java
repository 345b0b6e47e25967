package dev.leat.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.leat.pipeline.Pipeline;
import dev.leat.query.Limits;
import dev.leat.view.DeadLetter;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheQuery;
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

/** What couldn't be applied. Runs on the event loop and never blocks it. */
@Path("/api/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "streams")
public class DeadLettersResource {

    private final Pipeline pipeline;
    private final Limits limits;

    DeadLettersResource(Pipeline pipeline, Limits limits) {
        this.pipeline = pipeline;
        this.limits = limits;
    }

    /** Dead letters, newest first. */
    record DeadLetterList(@JsonProperty("dead_letters") List<Letter> deadLetters) {}

    /** One of them; key and value are base64 of the record's bytes. */
    record Letter(
            long id,
            String stream,
            String view,
            String topic,
            int partition,
            long offset,
            @JsonProperty("event_timestamp") OffsetDateTime eventTimestamp,
            String reason,
            String message,
            @JsonProperty("schema_id") Long schemaId,
            byte[] key,
            byte[] value,
            @JsonRawValue String headers,
            @JsonProperty("first_attempt") OffsetDateTime firstAttempt,
            @JsonProperty("last_attempt") OffsetDateTime lastAttempt,
            int attempts) {

        static Letter of(DeadLetter letter) {
            return new Letter(
                    letter.id,
                    letter.stream,
                    letter.view,
                    letter.topic,
                    letter.partition,
                    letter.offset,
                    letter.eventTimestamp,
                    letter.reason,
                    letter.message,
                    letter.schemaId,
                    letter.key,
                    letter.value,
                    letter.headers,
                    letter.firstAttempt,
                    letter.lastAttempt,
                    letter.attempts);
        }
    }

    @GET
    @Operation(
            operationId = "deadLetters",
            summary = "Events that couldn't be applied, newest first",
            description = "With their bytes, position and reason.")
    @APIResponse(responseCode = "200", description = "The dead letters")
    @APIResponse(responseCode = "400", description = "The limit is out of range")
    @APIResponse(responseCode = "404", description = "Unknown stream; says which exist")
    public Uni<DeadLetterList> deadLetters(
            @Parameter(description = "Only of this stream; of all, and of none, if missing") @RestQuery String stream,
            @Parameter(description = "As for the rows of a view") @RestQuery String limit) {
        int most = limit == null ? limits.defaultLimit() : limits.checked(limit);
        return Panache.withSession(() -> newestFirst(stream).range(0, most - 1).list())
                .map(letters ->
                        new DeadLetterList(letters.stream().map(Letter::of).toList()));
    }

    private PanacheQuery<DeadLetter> newestFirst(String stream) {
        return stream == null
                ? DeadLetter.find("ORDER BY id DESC")
                : DeadLetter.find(
                        "stream = ?1 ORDER BY id DESC",
                        StreamsResource.declared(pipeline, stream).name());
    }
}
