package dev.leat.demo;

import dev.leat.retry.Retry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A producer that loses nothing silently: what Kafka refuses after it was accepted for sending surfaces at the next
 * send, or at the wait for acknowledgement. For one thread, but for the callback.
 */
final class Outbound<K, V> implements AutoCloseable {

    private final Producer<K, V> producer;
    private final String topic;
    private final Retry sending;
    private final Duration closeWithin;

    /** Set by Kafka's sender thread, read by ours. */
    private final AtomicReference<Exception> refusal = new AtomicReference<>();

    private long sent;

    Outbound(Producer<K, V> producer, String topic, Duration closeWithin) {
        this.producer = producer;
        this.topic = topic;
        this.sending = DemoRetry.to("send to " + topic);
        this.closeWithin = closeWithin;
    }

    /** Blocks while the producer's buffer is full, and while Kafka or the registry is unavailable. */
    void send(K key, V value) throws InterruptedException {
        requireNoRefusal();
        ProducerRecord<K, V> record = new ProducerRecord<>(topic, key, value);
        sending.call(() -> producer.send(record, (metadata, failure) -> {
            if (failure != null) {
                refusal.compareAndSet(null, failure);
            }
        }));
        sent++;
    }

    void awaitAcknowledgement() throws InterruptedException {
        DemoRetry.to("have everything acknowledged").run(producer::flush);
        requireNoRefusal();
    }

    long sent() {
        return sent;
    }

    private void requireNoRefusal() {
        Exception failure = refusal.get();
        if (failure != null) {
            throw new IllegalStateException("Kafka refused a record: " + failure, failure);
        }
    }

    @Override
    public void close() {
        // Kafka's client leaves the thread interrupted; then closing would drop what is still in the buffer
        Thread.interrupted();
        producer.close(closeWithin);
    }
}
