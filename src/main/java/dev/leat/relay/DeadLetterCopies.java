package dev.leat.relay;

import dev.leat.retry.Backoff;
import dev.leat.retry.Outage;
import dev.leat.retry.Retry;
import dev.leat.retry.RetryClosedException;
import dev.leat.retry.RetryConfig;
import dev.leat.view.deadletter.DeadLetter;
import dev.leat.view.deadletter.DeadLetterCopier;
import dev.leat.view.deadletter.DeadLetterOutbox;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jboss.logging.Logger;

/**
 * Copies dead letters to the Kafka topics that streams name ({@code dead-letter-topic}), at least once each. What a process
 * dead-lettered before it died is copied by the next one that opens a lane. The headers are those of SmallRye's dead-letter
 * queue, so that its tools read them. Works on a virtual thread of its own while there is something to copy.
 */
@ApplicationScoped
public class DeadLetterCopies implements DeadLetterCopier {

    private static final Logger LOG = Logger.getLogger(DeadLetterCopies.class);
    private static final Duration SEND_WITHIN = Duration.ofSeconds(10);

    private final DeadLetterOutbox outbox;
    private final MutinyEmitter<Record<byte[], byte[]>> emitter;
    private final Retry retry;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final AtomicBoolean working = new AtomicBoolean();
    private final AtomicBoolean asked = new AtomicBoolean();

    DeadLetterCopies(
            DeadLetterOutbox outbox,
            @Channel("dead-letters") MutinyEmitter<Record<byte[], byte[]>> emitter,
            RetryConfig config) {
        this.outbox = outbox;
        this.emitter = emitter;
        Backoff backoff = new Backoff(config.backoffMin(), config.backoffMax());
        this.retry = new Retry(new Outage(backoff, new CopyOutage()), RuntimeException.class::isInstance, closed);
    }

    @Override
    public void wake() {
        asked.set(true);
        if (working.compareAndSet(false, true)) {
            Thread.ofVirtual().name("dead-letter-copies").start(this::copyAll);
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        closed.complete(null);
    }

    private void copyAll() {
        try {
            do {
                while (asked.getAndSet(false)) {
                    copyUntilNoneIsLeft();
                }
                working.set(false);
                // Somebody may have asked after we looked, and found us working.
            } while (asked.get() && working.compareAndSet(false, true));
        } catch (RetryClosedException | InterruptedException e) {
            LOG.debug("stopped while dead letters couldn't be copied", e);
        }
    }

    private void copyUntilNoneIsLeft() throws InterruptedException {
        boolean copied = true;
        while (copied) {
            copied = retry.call(() -> outbox.copyNext(this::send));
        }
    }

    private void send(List<DeadLetter> letters) {
        Uni.join()
                .all(letters.stream().map(this::send).toList())
                .andFailFast()
                .await()
                .atMost(SEND_WITHIN);
    }

    private Uni<Void> send(DeadLetter letter) {
        return emitter.sendMessage(Message.of(
                Record.of(letter.key, letter.value),
                Metadata.of(OutgoingKafkaRecordMetadata.<byte[]>builder()
                        .withTopic(letter.copyTo)
                        .withTimestamp(letter.eventTimestamp.toInstant())
                        .withHeaders(headers(letter))
                        .build())));
    }

    /** The record's own, and what SmallRye's {@code dead-letter-queue} failure strategy adds. */
    static Headers headers(DeadLetter letter) {
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

    private static final class CopyOutage implements Outage.Listener {

        @Override
        public void began(Throwable failure) {
            LOG.warnf("dead letters are not copied to Kafka for now error=%s", failure.getMessage());
        }

        @Override
        public void ended(Duration lasted) {
            LOG.infof("dead letters are copied to Kafka again after=%s", lasted);
        }
    }
}
