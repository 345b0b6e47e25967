package dev.leat.relay;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends events so that a partition gets them in their order, and none twice because of another one. What the broker has
 * acknowledged stays sent, whatever becomes of its neighbours. When a batch of several is refused, each of them is sent
 * alone, so that only the one that can't be sent is set aside.
 *
 * <p>The producer is idempotent and never gives up a batch for its age. When an acknowledgement is late or an event is
 * refused, the producer is closed with all that it has in flight, so that no later event overtakes. What was on its way to
 * another broker then may come again. For the relay's thread only.
 */
final class KafkaSender {

    // Together less than Postgres's idle_in_transaction_session_timeout: the rows are locked meanwhile.
    private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(10);
    private static final Duration TOPIC_KNOWN_WITHIN = Duration.ofSeconds(3);

    private final Supplier<Producer<byte[], byte[]>> producers;

    // Created at the first event; null after it was closed.
    private Producer<byte[], byte[]> producer;

    KafkaSender(Supplier<Producer<byte[], byte[]>> producers) {
        this.producers = producers;
    }

    /** @param kafka settings of all clients; those of the producer are put over them */
    static KafkaSender of(Map<String, Object> kafka, Map<String, String> producer) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.putAll(producer);
        settings.keySet().retainAll(ProducerConfig.configNames());
        settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) TOPIC_KNOWN_WITHIN.toMillis());
        // What waits while a request is in flight makes the next batch.
        settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
        // With one in flight, an event is refused before the next batch for its partition is on its way.
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        return new KafkaSender(() -> new KafkaProducer<>(settings));
    }

    SendOutcome send(List<Outgoing> events) {
        SendOutcome outcome = new SendOutcome();
        long deadline = System.nanoTime() + ACKNOWLEDGED_WITHIN.toNanos();
        Map<Outgoing, SendFailure> unclear = together(events, outcome, deadline);
        if (unclear.size() == 1) {
            // Of a larger batch all would be unclear.
            settle(unclear, outcome);
        } else {
            for (Outgoing event : unclear.keySet()) {
                // What is left is sent in the next turn, before all that comes after it.
                if (System.nanoTime() - deadline > 0) {
                    break;
                }
                if (!outcome.stops(event.topic())) {
                    settle(together(List.of(event), outcome, deadline), outcome);
                }
            }
        }
        return outcome;
    }

    /** Of one event that was sent alone: nobody else can be to blame. */
    private static void settle(Map<Outgoing, SendFailure> one, SendOutcome outcome) {
        one.forEach((event, failure) ->
                outcome.fail(event, failure.reach() == SendFailure.Reach.EVENT ? failure : failure.ofTopic()));
    }

    private Map<Outgoing, SendFailure> together(List<Outgoing> events, SendOutcome outcome, long deadline) {
        Producer<byte[], byte[]> current;
        try {
            current = producer();
        } catch (RuntimeException e) {
            outcome.fail(events.getFirst(), SendFailure.unconnected(e));
            return new HashMap<>();
        }
        SendTurn turn = new SendTurn(current, outcome, events.size() > 1, deadline, ACKNOWLEDGED_WITHIN);
        events.forEach(turn::submit);
        Map<Outgoing, SendFailure> unclear = turn.await();
        if (turn.hasSpoiltProducer()) {
            close();
        }
        return unclear;
    }

    private Producer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = producers.get();
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
