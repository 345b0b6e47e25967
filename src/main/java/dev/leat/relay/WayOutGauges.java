package dev.leat.relay;

import dev.leat.view.outbox.Waiting;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;

/** What hasn't got to Kafka, as it was counted last: set by the relay's thread, read by whoever looks at the metrics. */
final class WayOutGauges {

    private final InstantSource clock;
    private volatile Waiting emitted = Waiting.NOTHING;
    private volatile Waiting copies = Waiting.NOTHING;

    WayOutGauges(InstantSource clock) {
        this.clock = clock;
    }

    void register(MeterRegistry meters) {
        Gauge.builder("leat.outbox.waiting", () -> emitted.events())
                .description("events of views that wait to be sent to Kafka, of all instances")
                .register(meters);
        Gauge.builder("leat.outbox.oldest", () -> seconds(emitted))
                .description("how long the oldest of them has waited; 0 when none waits")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("leat.outbox.aside", () -> emitted.setAside())
                .description("events of views that can't be sent, and are set aside")
                .register(meters);
        Gauge.builder("leat.copies.waiting", () -> copies.events())
                .description("copies of dead letters that wait to be sent to Kafka, of all instances")
                .register(meters);
        Gauge.builder("leat.copies.oldest", () -> seconds(copies))
                .description("how long the oldest of them has waited; 0 when none waits")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("leat.copies.aside", () -> copies.setAside())
                .description("copies of dead letters that can't be sent, and are set aside")
                .register(meters);
    }

    void count(WayOut events, WayOut letters) {
        emitted = events.waiting();
        copies = letters.waiting();
    }

    private double seconds(Waiting waiting) {
        return waiting.oldest() == null
                ? 0
                : Math.max(
                        0,
                        Duration.between(waiting.oldest().toInstant(), clock.instant())
                                        .toMillis()
                                / 1000.0);
    }
}
