package dev.leat.ingest.channel;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Loop;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.ingest.topic.KafkaTopics;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
    private final KafkaTopics topics;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    // When each that is missing was last logged. The watching thread only.
    private final Map<String, Long> said = new HashMap<>();

    DeclaredTopics(Pipeline pipeline, KafkaTopics topics, Failures failures) {
        this.pipeline = pipeline;
        this.topics = topics;
        this.failures = failures;
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

    private void look() throws InterruptedException {
        try {
            show(missing());
            failures.over(SCOPE);
        } catch (ExecutionException | RuntimeException e) {
            if (Unavailable.is(e)) {
                LOG.debugf("topics not looked at error=%s", e.getMessage());
            } else {
                failures.report(SCOPE, Failure.Cause.DEFECT, failures.defect(SCOPE, e));
            }
        }
    }

    private Set<String> missing() throws ExecutionException, InterruptedException {
        Set<String> missing = new HashSet<>();
        for (String topic : pipeline.topics()) {
            try {
                topics.id(topic).get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
                missing.add(topic);
            }
        }
        return missing;
    }

    private void show(Set<String> missing) {
        for (String topic : pipeline.topics()) {
            if (missing.contains(topic)) {
                String message = "topic " + topic + " doesn't exist; create it, or mend `topic:` in the pipeline";
                pipeline.streamsOf(topic)
                        .forEach(
                                stream -> failures.report(Scope.stream(stream.name()), Failure.Cause.MISSING, message));
                say(topic, message);
            } else if (said.remove(topic) != null) {
                pipeline.streamsOf(topic)
                        .forEach(stream -> failures.over(Scope.stream(stream.name()), Failure.Cause.MISSING));
                LOG.infof("topic exists now topic=%s", topic);
            }
        }
    }

    private void say(String topic, String message) {
        long now = System.nanoTime();
        Long last = said.get(topic);
        if (last == null || now - last > SAY_AGAIN.toNanos()) {
            LOG.warn(message);
            said.put(topic, now);
        }
    }
}
