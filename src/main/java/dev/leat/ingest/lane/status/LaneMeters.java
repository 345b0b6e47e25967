package dev.leat.ingest.lane.status;

import dev.leat.schema.types.Rows;
import dev.leat.view.deadletter.DeadLetter;
import dev.leat.view.lane.apply.BatchOutcome.Applied;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;

/** Counts what lanes do. Names are part of the API. */
@ApplicationScoped
public class LaneMeters {

    private final MeterRegistry registry;
    private final Timer batches;
    private final DeadLetterLog letters;

    LaneMeters(MeterRegistry registry, DeadLetterLog letters) {
        this.letters = letters;
        this.registry = registry;
        this.batches = Timer.builder("leat.batch")
                .description("from a batch taken to its transaction committed")
                .register(registry);
    }

    /** How many lanes are in a state. */
    public void countLanes(ToLongFunction<Class<? extends LaneState>> count) {
        LaneState.NAMES.forEach((state, name) -> Gauge.builder("leat.lanes", () -> count.applyAsLong(state))
                .description("lanes of this instance")
                .tag("state", name)
                .register(registry));
    }

    /** @param bytes memory of the events that wait for their lanes */
    public void observeBuffered(LongSupplier bytes) {
        Gauge.builder("leat.buffered", bytes::getAsLong)
                .description("memory of the events that wait for their lanes, about")
                .baseUnit("bytes")
                .register(registry);
    }

    public void observeBatchRecords(IntSupplier records) {
        Gauge.builder("leat.batch.limit", records::getAsInt)
                .description("events that the lane with the largest batches takes at once, at most")
                .baseUnit("events")
                .register(registry);
    }

    public void applied(Applied applied, Duration took) {
        batches.record(took);
        for (Rows rows : applied.rows()) {
            registry.counter("leat.events.applied", "stream", rows.stream().name())
                    .increment(rows.size());
        }
        applied.duplicates().forEach((stream, dropped) -> registry.counter("leat.events.duplicates", "stream", stream)
                .increment(dropped));
        applied.late().forEach((view, late) -> registry.counter("leat.events.late", "view", view)
                .increment(late));
        if (applied.parkedEvents() > 0) {
            registry.counter("leat.events.parked").increment(applied.parkedEvents());
        }
    }

    /** Counts it, and logs it or its kind. */
    public void deadLetter(DeadLetter letter) {
        registry.counter(
                        "leat.dead.letters",
                        "stream",
                        letter.stream == null ? "" : letter.stream,
                        "reason",
                        letter.reason)
                .increment();
        letters.log(letter);
    }

    void outage(TopicPartition lane) {
        registry.counter("leat.lane.outages", "topic", lane.topic(), "partition", Integer.toString(lane.partition()))
                .increment();
    }
}
