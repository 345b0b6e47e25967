package dev.leat.relay;

import dev.leat.view.outbox.EventOrigin;
import dev.leat.view.outbox.OutboxEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends events so that a partition gets no gap. The producer is idempotent and never gives up a batch for its age. When an
 * acknowledgement is late, the producer is closed with all that it has in flight, so that no later event overtakes. For the
 * relay's thread only.
 */
@ApplicationScoped
class OutboxProducer {

    // Together less than Postgres's idle_in_transaction_session_timeout: the outbox is locked meanwhile.
    private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(10);
    private static final Duration TOPIC_KNOWN_WITHIN = Duration.ofSeconds(3);

    private final Map<String, Object> settings;

    // Created at the first event; null after it was closed.
    private KafkaProducer<byte[], byte[]> producer;

    OutboxProducer(@Identifier("default-kafka-broker") Map<String, Object> kafka, OutboxConfig config) {
        settings = new HashMap<>(kafka);
        settings.putAll(config.producer());
        settings.keySet().retainAll(ProducerConfig.configNames());
        settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) TOPIC_KNOWN_WITHIN.toMillis());
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    }

    /**
     * The outcome of sending some events.
     *
     * @param acknowledged of each topic all events, or the first ones
     * @param failures the reason by topic, of topics whose events weren't all acknowledged
     */
    record Sent(List<OutboxEvent> acknowledged, Map<String, String> failures) {}

    Sent send(List<OutboxEvent> events) {
        Map<String, String> failures = new LinkedHashMap<>();
        Map<OutboxEvent, Future<?>> answers = new LinkedHashMap<>();
        for (OutboxEvent event : events) {
            if (!failures.containsKey(event.topic())) {
                Future<?> answer = producer().send(record(event));
                answers.put(event, answer);
                // The wait for an unknown topic is over now; the topic's other events needn't wait as well.
                if (answer.state() == Future.State.FAILED) {
                    failures.put(event.topic(), reason(answer.exceptionNow()));
                }
            }
        }
        return new Sent(acknowledged(answers, failures), failures);
    }

    private List<OutboxEvent> acknowledged(Map<OutboxEvent, Future<?>> answers, Map<String, String> failures) {
        List<OutboxEvent> acknowledged = new ArrayList<>();
        Map<String, String> failed = new LinkedHashMap<>();
        long deadline = System.nanoTime() + ACKNOWLEDGED_WITHIN.toNanos();
        answers.forEach((event, answer) -> {
            String failure = failure(answer, deadline);
            if (failure != null) {
                failed.putIfAbsent(event.topic(), failure);
            } else if (!failed.containsKey(event.topic())) {
                acknowledged.add(event);
            }
        });
        failures.putAll(failed);
        if (!answers.values().stream().allMatch(Future::isDone)) {
            close();
        }
        return acknowledged;
    }

    private static String failure(Future<?> answer, long deadline) {
        try {
            answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return null;
        } catch (ExecutionException e) {
            return reason(e.getCause());
        } catch (TimeoutException e) {
            return "no broker has acknowledged an event within " + ACKNOWLEDGED_WITHIN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private static String reason(Throwable failure) {
        return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }

    private static ProducerRecord<byte[], byte[]> record(OutboxEvent event) {
        return new ProducerRecord<>(
                event.topic(),
                null,
                event.origin().timestamp().toInstant().toEpochMilli(),
                event.key(),
                event.value(),
                headers(event));
    }

    /** The same each time that an event is sent, so that a consumer can drop duplicates. */
    private static RecordHeaders headers(OutboxEvent event) {
        RecordHeaders headers = new RecordHeaders();
        EventOrigin source = event.origin();
        add(headers, "leat-view", event.view());
        add(headers, "leat-id", event.id());
        if (source.topic() != null) {
            add(headers, "leat-source-topic", source.topic());
            add(headers, "leat-source-partition", source.partition());
            add(headers, "leat-source-offset", source.offset());
        }
        add(headers, "leat-row", event.row());
        return headers;
    }

    private static void add(RecordHeaders headers, String name, Object value) {
        headers.add(name, value.toString().getBytes(StandardCharsets.UTF_8));
    }

    private KafkaProducer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = new KafkaProducer<>(settings);
        }
        return producer;
    }

    /** Events in flight may or may not arrive; none arrives before one that was sent earlier. */
    void close() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }
}
