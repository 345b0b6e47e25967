package dev.leat.ingest.lane;

import dev.leat.schema.types.Rows;
import dev.leat.view.lane.Applied;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.apache.kafka.common.TopicPartition;

/** Counts what lanes do. Names are part of the API. */
@ApplicationScoped
class LaneMeters {

    private final MeterRegistry registry;
    private final Timer batches;

    LaneMeters(MeterRegistry registry) {
        this.registry = registry;
        this.batches = Timer.builder("leat.batch")
                .description("from a batch taken to its transaction committed")
                .register(registry);
    }

    /** Gauges of these lanes; they cost nothing until somebody looks. */
    void observe(Lanes lanes) {
        LaneState.NAMES.forEach((state, name) -> Gauge.builder("leat.lanes", lanes, l -> l.count(state))
                .description("lanes of this instance")
                .tag("state", name)
                .register(registry));
        Gauge.builder("leat.buffered", lanes, Lanes::buffered)
                .description("memory of the events that wait for their lanes, about")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("leat.batch.limit", lanes, Lanes::batchRecords)
                .description("events that the lane with the largest batches takes at once, at most")
                .baseUnit("events")
                .register(registry);
    }

    void applied(Applied applied, Duration took) {
        batches.record(took);
        for (Rows rows : applied.rows()) {
            registry.counter("leat.events.applied", "stream", rows.stream().name())
                    .increment(rows.size());
        }
        applied.repeats().forEach((stream, repeats) -> registry.counter("leat.events.duplicate", "stream", stream)
                .increment(repeats));
        applied.late().forEach((view, late) -> registry.counter("leat.events.late", "view", view)
                .increment(late));
        if (applied.waiting() > 0) {
            registry.counter("leat.events.parked").increment(applied.waiting());
        }
    }

    void deadLetter(String stream, String reason) {
        registry.counter("leat.dead.letters", "stream", stream == null ? "" : stream, "reason", reason)
                .increment();
    }

    void outage(TopicPartition lane) {
        registry.counter("leat.lane.outages", "topic", lane.topic(), "partition", Integer.toString(lane.partition()))
                .increment();
    }
}
