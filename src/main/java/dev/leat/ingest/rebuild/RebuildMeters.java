package dev.leat.ingest.rebuild;

import dev.leat.view.rebuild.Rebuild;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Progress of rebuilds. Names are part of the API. */
@ApplicationScoped
class RebuildMeters {

    private final MultiGauge applied;
    private final MultiGauge remaining;
    private final MultiGauge rate;

    RebuildMeters(MeterRegistry registry) {
        applied = gauge(registry, "leat.rebuild.applied", "events", "events that the rebuild has applied");
        remaining = gauge(registry, "leat.rebuild.remaining", "offsets", "offsets that the rebuild has yet to pass");
        rate = gauge(registry, "leat.rebuild.rate", "events_per_second", "recent rate of the rebuild");
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String unit, String description) {
        return MultiGauge.builder(name).baseUnit(unit).description(description).register(registry);
    }

    /** Only rebuilds that aren't over have gauges. */
    void observe(List<Rebuild> rebuilds) {
        List<Rebuild> unfinished =
                rebuilds.stream().filter(r -> !r.state().isOver()).toList();
        register(applied, unfinished, Rebuild::done);
        register(remaining, unfinished, Rebuild::todo);
        register(rate, unfinished, Rebuild::rate);
    }

    private static void register(MultiGauge gauge, List<Rebuild> rebuilds, ToDoubleFunction<Rebuild> value) {
        gauge.register(
                rebuilds.stream()
                        .<MultiGauge.Row<?>>map(
                                r -> MultiGauge.Row.of(Tags.of("view", r.view()), value.applyAsDouble(r)))
                        .toList(),
                true);
    }
}
