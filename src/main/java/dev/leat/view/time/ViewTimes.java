package dev.leat.view.time;

import dev.leat.pipeline.Pipeline;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Tells how far views have come in event time, and what holds them back. */
@ApplicationScoped
public class ViewTimes {

    private final Pipeline pipeline;
    private final ClosingViews views;
    private final Watermarks watermarks;
    private final Transacting transactions;
    private final MeterRegistry meters;

    // As they were when they were last measured; read by gauges.
    private final Map<String, ViewTime> measured = new ConcurrentHashMap<>();

    ViewTimes(
            Pipeline pipeline,
            ClosingViews views,
            Watermarks watermarks,
            Transacting transactions,
            MeterRegistry meters) {
        this.pipeline = pipeline;
        this.views = views;
        this.watermarks = watermarks;
        this.transactions = transactions;
        this.meters = meters;
    }

    /**
     * A view that closes.
     *
     * @param watermark the lowest of its streams'; null while one of them has none
     * @param closedThrough what ended there or before is final; null while nothing is
     */
    public record ViewTime(
            String view, Instant watermark, Instant closedThrough, Duration grace, List<StreamTime> streams) {}

    /** @param watermark null while a partition that isn't idle has had no event */
    public record StreamTime(String stream, Instant watermark, Duration lateness, List<Partition> partitions) {}

    /**
     * @param newestEventTime of what was applied; null before the first event
     * @param lastArrival when the last event was applied, or the lane was first opened; null where no lane was
     * @param completeAt the lane had applied all that its log held then; null where it hasn't said so since it was opened
     * @param isIdle whether it doesn't hold the watermark back
     */
    public record Partition(
            int partition, Instant newestEventTime, Instant lastArrival, Instant completeAt, boolean isIdle) {}

    /** Empty for a view in which nothing becomes final. Blocks. */
    public Optional<ViewTime> of(String view) {
        return views.all().stream()
                .filter(closable -> closable.name().equals(view))
                .findFirst()
                .map(closable -> transactions.run(tx -> inTransaction(tx, closable)));
    }

    private ViewTime inTransaction(Tx tx, ClosableView view) {
        List<StreamTime> streams = view.timedBy().stream()
                .map(stream -> of(watermarks.timeInTransaction(tx, pipeline.stream(stream))))
                .toList();
        boolean isKnown = streams.stream().allMatch(stream -> stream.watermark() != null);
        Instant closed = ClosedThrough.inTransaction(tx, view.name());
        return new ViewTime(
                view.name(),
                isKnown
                        ? streams.stream()
                                .map(StreamTime::watermark)
                                .min(Comparator.naturalOrder())
                                .orElse(null)
                        : null,
                closed.equals(ClosableView.NEVER) ? null : closed,
                view.grace(),
                streams);
    }

    private static StreamTime of(Watermarks.StreamTime time) {
        return new StreamTime(
                time.stream().name(),
                time.watermark().orElse(null),
                time.stream().eventTime().lateness(),
                time.partitions().stream()
                        .map(p -> new Partition(p.partition(), p.newest(), p.arrived(), p.complete(), time.isIdle(p)))
                        .toList());
    }

    /** Lets gauges follow. Blocks. */
    void measure() {
        for (ClosableView view : views.all()) {
            ViewTime now = transactions.run(tx -> inTransaction(tx, view));
            if (measured.put(view.name(), now) == null) {
                register(view.name());
            }
        }
        measured.keySet().retainAll(views.all().stream().map(ClosableView::name).toList());
    }

    private void register(String view) {
        Gauge.builder("leat.view.watermark", () -> seconds(view, ViewTime::watermark))
                .description("up to when the events of a view's streams are expected to have come, since 1970")
                .baseUnit("seconds")
                .tag("view", view)
                .register(meters);
        Gauge.builder("leat.view.closed", () -> seconds(view, ViewTime::closedThrough))
                .description("up to when a view is final, since 1970")
                .baseUnit("seconds")
                .tag("view", view)
                .register(meters);
        Gauge.builder("leat.view.partitions.idle", () -> Optional.ofNullable(measured.get(view))
                        .map(time -> time.streams().stream()
                                .flatMap(stream -> stream.partitions().stream())
                                .filter(Partition::isIdle)
                                .count())
                        .orElse(0L))
                .description("partitions of a view's streams that don't hold its watermark back")
                .tag("view", view)
                .register(meters);
    }

    /** NaN for none. */
    private double seconds(String view, java.util.function.Function<ViewTime, Instant> time) {
        return Optional.ofNullable(measured.get(view))
                .map(time)
                .filter(Objects::nonNull)
                .map(instant -> instant.toEpochMilli() / 1000.0)
                .orElse(Double.NaN);
    }
}
