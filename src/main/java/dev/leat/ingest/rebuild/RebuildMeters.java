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

    private final MultiGauge done;
    private final MultiGauge todo;
    private final MultiGauge rate;

    RebuildMeters(MeterRegistry registry) {
        done = gauge(registry, "leat.rebuild.done", "events that the rebuild has applied");
        todo = gauge(registry, "leat.rebuild.todo", "offsets that the rebuild has yet to pass");
        rate = gauge(registry, "leat.rebuild.rate", "events that the rebuild applies in a second");
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    /** Only rebuilds that aren't over have gauges. */
    void observe(List<Rebuild> rebuilds) {
        List<Rebuild> unfinished =
                rebuilds.stream().filter(r -> !r.state().isOver()).toList();
        register(done, unfinished, Rebuild::done);
        register(todo, unfinished, Rebuild::todo);
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
