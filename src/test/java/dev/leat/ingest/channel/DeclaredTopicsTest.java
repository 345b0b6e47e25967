package dev.leat.ingest.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.LogLines;
import dev.leat.failure.Failure.Cause;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.StreamFixture;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeclaredTopicsTest {

    private static final String MISSING = "topic b doesn't exist; create it, or mend `topic:` in the pipeline";

    private final Map<String, RuntimeException> refusals = new HashMap<>();
    private final Failures failures = new Failures(InstantSource.system());
    private final AtomicLong nanos = new AtomicLong();
    private final DeclaredTopics topics = new DeclaredTopics(
            new Pipeline(
                    Map.of(
                            "of_a", new StreamFixture("of_a", "a").build(),
                            "of_b", new StreamFixture("of_b", "b").build(),
                            "also_of_b", new StreamFixture("also_of_b", "b").build(),
                            "of_c", new StreamFixture("of_c", "c").build()),
                    Map.of()),
            topic -> refusals.containsKey(topic)
                    ? CompletableFuture.failedFuture(refusals.get(topic))
                    : CompletableFuture.completedFuture(topic),
            failures,
            nanos::get);
    private final LogLines log = new LogLines(DeclaredTopics.class.getName());

    @AfterEach
    void leave() {
        log.close();
    }

    private List<String> shown() {
        return failures.current().stream()
                .map(failure -> failure.scope() + " " + failure.cause())
                .toList();
    }

    @Test
    void a_topic_that_is_missing_is_said_at_once_again_each_minute_and_when_it_is_there() throws Exception {
        // When
        refusals.put("b", new UnknownTopicOrPartitionException("b"));
        topics.look();

        // Then
        assertThat(shown()).containsExactly("stream also_of_b MISSING", "stream of_b MISSING");
        assertThat(failures.of(Scope.stream("of_b")).getFirst().message()).isEqualTo(MISSING);
        assertThat(log.lines()).containsExactly(MISSING);

        // When
        nanos.set(Duration.ofSeconds(59).toNanos());
        topics.look();
        assertThat(log.lines()).hasSize(1);
        nanos.set(Duration.ofSeconds(60).toNanos());
        topics.look();

        // Then
        assertThat(log.lines()).containsExactly(MISSING, MISSING);

        // When
        refusals.clear();
        topics.look();

        // Then
        assertThat(shown()).isEmpty();
        assertThat(log.lines()).last().isEqualTo("topic exists now topic=b");
    }

    @Test
    void a_topic_that_kafka_does_not_show_is_its_streams_matter_and_others_are_said_all_the_same() throws Exception {
        refusals.put("a", new TopicAuthorizationException("a"));
        refusals.put("b", new UnknownTopicOrPartitionException("b"));
        refusals.put("c", new TopicAuthorizationException("c"));
        topics.look();

        assertThat(shown())
                .containsExactly(
                        "stream also_of_b MISSING",
                        "stream of_a REFUSED",
                        "stream of_b MISSING",
                        "stream of_c REFUSED");
        assertThat(failures.of(Scope.stream("of_a")).getFirst().message())
                .isEqualTo("Kafka doesn't let Leat see topic a; allow it DESCRIBE and READ");

        refusals.put("a", new UnknownTopicOrPartitionException("a"));
        topics.look();
        assertThat(failures.of(Scope.stream("of_a")))
                .extracting(failure -> failure.cause())
                .containsExactly(Cause.MISSING);

        refusals.clear();
        topics.look();
        assertThat(shown()).isEmpty();
    }

    @Test
    void while_kafka_is_away_nothing_is_said_of_a_topic() throws Exception {
        refusals.put("a", new TimeoutException("away"));

        topics.look();

        assertThat(shown()).isEmpty();
    }
}
