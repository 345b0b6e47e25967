package dev.leat.relay;

import dev.leat.view.outbox.EventOrigin;
import dev.leat.view.outbox.OutboxEvent;
import dev.leat.view.outbox.OutboxTurns;
import dev.leat.view.outbox.Sent;
import dev.leat.view.outbox.Waiting;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** What views emit, on its way from the outbox to Kafka. */
@ApplicationScoped
class EmittedEvents implements WayOut {

    private final OutboxTurns turns;
    private final MeterRegistry meters;

    EmittedEvents(OutboxTurns turns, MeterRegistry meters) {
        this.turns = turns;
        this.meters = meters;
    }

    @Override
    public Turn take(Collection<String> exceptTopics, Function<List<Outgoing>, SendOutcome> send) {
        return switch (turns.take(exceptTopics, events -> send(events, send))) {
            case WORKED -> Turn.WORKED;
            case EMPTY -> Turn.EMPTY;
            case BUSY -> Turn.BUSY;
        };
    }

    private Sent send(List<OutboxEvent> events, Function<List<Outgoing>, SendOutcome> send) {
        Sent sent = send.apply(events.stream()
                        .map(event -> new Outgoing(event.id(), event.topic(), () -> record(event)))
                        .toList())
                .sent();
        for (OutboxEvent event : events) {
            if (sent.acknowledged().contains(event.id())) {
                meters.counter("leat.outbox.sent", "view", event.view(), "topic", event.topic())
                        .increment();
            }
        }
        return sent;
    }

    @Override
    public Waiting waiting() {
        return turns.waiting();
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
}
