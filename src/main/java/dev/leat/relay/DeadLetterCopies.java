package dev.leat.relay;

import dev.leat.view.deadletter.DeadLetter;
import dev.leat.view.deadletter.DeadLetterCopier;
import dev.leat.view.deadletter.DeadLetterOutbox;
import dev.leat.view.outbox.Sent;
import dev.leat.view.outbox.Waiting;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Copies of dead letters, on their way to the Kafka topics that streams name ({@code dead-letter-topic}), at least once
 * each. What a process dead-lettered before it died is copied by another one. The headers are those of SmallRye's
 * dead-letter queue, so that its tools read them.
 */
@ApplicationScoped
class DeadLetterCopies implements DeadLetterCopier, WayOut {

    private final DeadLetterOutbox outbox;
    private final MeterRegistry meters;

    // Set once at start, before the first lane opens.
    private volatile Runnable wake = () -> {};

    DeadLetterCopies(DeadLetterOutbox outbox, MeterRegistry meters) {
        this.outbox = outbox;
        this.meters = meters;
    }

    /** What is called when there may be something to copy, on the asking thread. */
    void onAsked(Runnable call) {
        wake = call;
        outbox.onRedrive(call);
    }

    @Override
    public void wake() {
        wake.run();
    }

    @Override
    public Turn take(Collection<String> exceptTopics, Function<List<Outgoing>, SendOutcome> send) {
        return outbox.copyNext(exceptTopics, letters -> send(letters, send)) ? Turn.WORKED : Turn.EMPTY;
    }

    private Sent send(List<DeadLetter> letters, Function<List<Outgoing>, SendOutcome> send) {
        Sent sent = send.apply(letters.stream()
                        .map(letter -> new Outgoing(letter.id, letter.copyTo, () -> record(letter)))
                        .toList())
                .sent();
        for (DeadLetter letter : letters) {
            if (sent.acknowledged().contains(letter.id)) {
                meters.counter("leat.copies.sent", "topic", letter.copyTo).increment();
            }
        }
        return sent;
    }

    @Override
    public Waiting waiting() {
        return outbox.waiting();
    }

    private static ProducerRecord<byte[], byte[]> record(DeadLetter letter) {
        return new ProducerRecord<>(
                letter.copyTo,
                null,
                letter.eventTimestamp.toInstant().toEpochMilli(),
                letter.key,
                letter.value,
                headers(letter));
    }

    /** The record's own, and what SmallRye's {@code dead-letter-queue} failure strategy adds. */
    private static Headers headers(DeadLetter letter) {
        RecordHeaders headers = new RecordHeaders(letter.record().headers());
        add(headers, "dead-letter-reason", letter.message);
        add(headers, "dead-letter-cause", letter.reason);
        add(headers, "dead-letter-topic", letter.topic);
        add(headers, "dead-letter-partition", Integer.toString(letter.partition));
        add(headers, "dead-letter-offset", Long.toString(letter.offset));
        add(headers, "dead-letter-stream", letter.stream);
        add(headers, "dead-letter-view", letter.view);
        return headers;
    }

    private static void add(RecordHeaders headers, String name, String value) {
        if (value != null) {
            headers.add(name, value.getBytes(StandardCharsets.UTF_8));
        }
    }
}
