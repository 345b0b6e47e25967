package dev.leat.ingest.channel;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Loop;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.ingest.topic.KafkaTopics;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineConfig;
import dev.leat.pipeline.Stream;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/**
 * Says which of the declared topics don't exist: at once, then every minute as long as it is so. The consumer itself is
 * silent about them. One that appears is found by the consumer within {@code metadata.max.age.ms}. On a thread of its own.
 */
@ApplicationScoped
class DeclaredTopics {

    private static final Logger LOG = Logger.getLogger(DeclaredTopics.class);
    private static final Scope SCOPE = Scope.process("watching topics");
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration SAY_AGAIN = Duration.ofMinutes(1);

    private final Pipeline pipeline;
    private final Failures failures;
    private final Function<String, CompletableFuture<?>> find;
    private final LongSupplier nanos;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    // When each that is missing was last logged. The watching thread only.
    private final Map<String, Long> said = new HashMap<>();

    @Inject
    DeclaredTopics(Pipeline pipeline, KafkaTopics topics, Failures failures) {
        this(pipeline, topics::id, failures, System::nanoTime);
    }

    /** @param find fails as {@link KafkaTopics#id} does */
    DeclaredTopics(
            Pipeline pipeline, Function<String, CompletableFuture<?>> find, Failures failures, LongSupplier nanos) {
        this.pipeline = pipeline;
        this.find = find;
        this.failures = failures;
        this.nanos = nanos;
    }

    void start(@Observes StartupEvent event, PipelineConfig config) {
        if (config.roles().contains(PipelineConfig.Role.INGEST)
                && !pipeline.topics().isEmpty()) {
            Thread.ofVirtual().name("topics").start(this::watch);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopped.complete(null);
    }

    private void watch() {
        Loop.run(stopped, EVERY, this::look);
    }

    /** Each topic by itself: what one of them is refused for is no reason to be silent about another. */
    void look() throws InterruptedException {
        try {
            for (String topic : pipeline.topics()) {
                look(topic);
            }
            failures.over(SCOPE);
        } catch (ExecutionException | RuntimeException e) {
            if (Unavailable.is(e)) {
                LOG.debugf("topics not looked at error=%s", e.getMessage());
            } else {
                failures.report(SCOPE, Failure.Cause.DEFECT, failures.defect(SCOPE, e));
            }
        }
    }

    private void look(String topic) throws ExecutionException, InterruptedException {
        try {
            find.apply(topic).get();
            exists(topic);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case UnknownTopicOrPartitionException ignored ->
                    show(
                            topic,
                            Failure.Cause.MISSING,
                            "topic " + topic + " doesn't exist; create it, or mend `topic:` in the pipeline");
                case TopicAuthorizationException ignored ->
                    show(
                            topic,
                            Failure.Cause.REFUSED,
                            "Kafka doesn't let Leat see topic " + topic + "; allow it DESCRIBE and READ");
                default -> {
                    if (Unavailable.is(e)) {
                        throw e;
                    }
                    show(
                            topic,
                            Failure.Cause.REFUSED,
                            "Kafka refuses topic " + topic + ": " + Unavailable.message(e)
                                    + "; mend `topic:` in the pipeline");
                }
            }
        }
    }

    private void show(String topic, Failure.Cause cause, String message) {
        pipeline.streamsOf(topic).forEach(stream -> {
            over(stream, cause == Failure.Cause.MISSING ? Failure.Cause.REFUSED : Failure.Cause.MISSING);
            failures.report(Scope.stream(stream.name()), cause, message);
        });
        say(topic, message);
    }

    private void exists(String topic) {
        if (said.remove(topic) != null) {
            pipeline.streamsOf(topic).forEach(stream -> {
                over(stream, Failure.Cause.MISSING);
                over(stream, Failure.Cause.REFUSED);
            });
            LOG.infof("topic exists now topic=%s", topic);
        }
    }

    private void over(Stream stream, Failure.Cause cause) {
        failures.over(Scope.stream(stream.name()), cause);
    }

    private void say(String topic, String message) {
        long now = nanos.getAsLong();
        Long last = said.get(topic);
        if (last == null || now - last >= SAY_AGAIN.toNanos()) {
            LOG.warn(message);
            said.put(topic, now);
        }
    }
}
