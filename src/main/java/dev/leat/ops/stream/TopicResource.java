package dev.leat.ops.stream;

import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.http.DeclaredNames;
import dev.leat.http.Problem;
import dev.leat.ingest.topic.Choice;
import dev.leat.ingest.topic.KafkaTopic;
import dev.leat.ingest.topic.KafkaTopics;
import dev.leat.ingest.topic.TopicChoices;
import dev.leat.ingest.topic.TopicConflict;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

/** Shows which topic a stream's checkpoints are of, and takes the choice how to go on in another one. */
@Path("/api/streams/{stream}/topic")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "streams", description = "Progress, lag and dead letters of each stream")
public class TopicResource {

    private final Pipeline pipeline;
    private final KafkaTopics kafka;
    private final TopicChoices choices;
    private final Failures failures;

    TopicResource(Pipeline pipeline, KafkaTopics kafka, TopicChoices choices, Failures failures) {
        this.pipeline = pipeline;
        this.kafka = kafka;
        this.choices = choices;
        this.failures = failures;
    }

    @GET
    @Operation(
            operationId = "topic",
            summary = "The topic that a stream's checkpoints are of, and the one that Kafka has",
            description = "With what there is to choose where the lanes can't go on in it.")
    @APIResponse(responseCode = "200", description = "Both")
    @APIResponse(responseCode = "404", description = "Unknown stream, or Kafka has no such topic")
    @APIResponse(responseCode = "503", description = "Kafka doesn't answer")
    public TopicJson topic(@PathParam("stream") String stream) {
        String topic = DeclaredNames.stream(pipeline, stream).topic();
        return TopicJson.of(choices.positions(topic), find(topic), List.of(), List.of());
    }

    @POST
    @Operation(
            operationId = "chooseTopic",
            summary = "Choose how to go on in a topic that was made anew, or after a gap",
            description =
                    "For all streams of the topic, whichever instance has its lanes; they go on without a restart.")
    @APIResponse(responseCode = "200", description = "The lanes are there now")
    @APIResponse(responseCode = "400", description = "choose or from is none of its values")
    @APIResponse(responseCode = "404", description = "Unknown stream, or Kafka has no such topic")
    @APIResponse(responseCode = "409", description = "There is nothing to choose, or not this")
    @APIResponse(responseCode = "503", description = "Kafka doesn't answer")
    public TopicJson choose(
            @PathParam("stream") String stream,
            @Parameter(
                            description =
                                    "`continue`: what the log has comes after all that was applied. `rebuild`: the views"
                                            + " begin anew with it.")
                    @RestQuery
                    String choose,
            @Parameter(description = "`beginning` (as without it): all that the log has. `end`: new events only.")
                    @RestQuery
                    String from) {
        Stream declared = DeclaredNames.stream(pipeline, stream);
        Choice choice = parameter("choose", choose, Choice.class);
        Choice.From begin = from == null ? Choice.From.BEGINNING : parameter("from", from, Choice.From.class);
        KafkaTopic now = find(declared.topic());
        try {
            TopicChoices.Outcome chosen = choices.choose(now, choice, begin);
            // Lanes of this instance needn't wait until they look again.
            chosen.lanes().keySet().forEach(p -> failures.resume(Scope.lane(now.name(), p)));
            return TopicJson.of(choices.positions(now.name()), now, chosen.rebuilt(), chosen.notes());
        } catch (TopicConflict conflict) {
            throw new Problem(409, "topic-conflict", "Nothing to choose", conflict.getMessage());
        }
    }

    private static <E extends Enum<E>> E parameter(String name, String value, Class<E> type) {
        for (E choice : type.getEnumConstants()) {
            if (choice.name().toLowerCase(Locale.ROOT).equals(value)) {
                return choice;
            }
        }
        throw Problem.badParameter(
                name,
                name + " must be "
                        + Arrays.stream(type.getEnumConstants())
                                .map(choice -> choice.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(" or "))
                        + (value == null ? ", and is missing" : ", and is '" + value + "'"));
    }

    private KafkaTopic find(String topic) {
        try {
            return kafka.find(topic).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new Problem(404, "unknown-topic", "Unknown topic", "Kafka has no topic '" + topic + "' now")
                        .with("topic", topic);
            }
            throw new Problem(
                    503,
                    "kafka-unavailable",
                    "Kafka unavailable",
                    "Kafka doesn't answer: " + e.getCause().getMessage());
        }
    }
}
