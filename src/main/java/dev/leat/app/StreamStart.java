package dev.leat.app;

import dev.leat.catalog.ViewsReady;
import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.Contracts;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Shape;
import dev.leat.view.rebuild.DefinitionChanges;
import dev.leat.view.rebuild.RestingViews;
import dev.leat.view.table.ViewTables;
import dev.leat.view.writer.UnfitView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Settles the contracts of streams, and makes their views. One that can't be settled is parked: its lanes don't open, it is
 * named wherever failures are, and it is tried again, because its contract may change in the registry. The others go on.
 * Blocks; for the thread of start-up.
 */
@ApplicationScoped
class StreamStart {

    private static final Logger LOG = Logger.getLogger(StreamStart.class);

    private final Pipeline pipeline;
    private final Contracts contracts;
    private final DefinitionChanges changes;
    private final ViewTables tables;
    private final RestingViews restingViews;
    private final ViewsReady views;
    private final Failures failures;
    private final Set<Stream> parked = new LinkedHashSet<>();
    // Set once, before any is parked.
    private Runnable wake = () -> {};

    StreamStart(
            Pipeline pipeline,
            Contracts contracts,
            DefinitionChanges changes,
            ViewTables tables,
            RestingViews restingViews,
            ViewsReady views,
            Failures failures) {
        this.pipeline = pipeline;
        this.contracts = contracts;
        this.changes = changes;
        this.tables = tables;
        this.restingViews = restingViews;
        this.views = views;
        this.failures = failures;
    }

    /** @param call when somebody has resumed one that is parked */
    void onResume(Runnable call) {
        wake = call;
    }

    /**
     * All streams, step by step, because views may follow several. May be called again after an outage.
     *
     * @throws RuntimeException an outage
     * @throws PipelineException a view can't be what the pipeline says
     */
    void settleAll() {
        parked.clear();
        List<Stream> streams = new ArrayList<>(pipeline.streams().values());
        each(streams, contracts::settle);
        List<Stream> known = withColumns(streams);
        tables.check(shapes(known));
        each(known, changes::settle);
        each(known, this::makeViews);
    }

    /** No event was ever applied of a stream whose columns are unknown, so its views have no history to derive from. */
    private List<Stream> withColumns(List<Stream> streams) {
        return new ArrayList<>(streams.stream()
                .filter(stream -> contracts.shape(stream).isPresent())
                .toList());
    }

    private Map<String, Shape> shapes(List<Stream> streams) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        streams.forEach(
                stream -> shapes.put(stream.name(), contracts.shape(stream).orElseThrow()));
        return shapes;
    }

    /** One that can't have the stream's columns rests alone. */
    private void makeViews(Stream stream) {
        Shape shape = contracts.shape(stream).orElseThrow();
        Set<String> resting = new HashSet<>();
        while (!tables.areEnsured(stream, shape)) {
            try {
                tables.ensure(stream, shape);
            } catch (UnfitView unfit) {
                if (!resting.add(unfit.view())
                        || !restingViews.rest(unfit.view(), unfit.getMessage(), Failure.Cause.UNFIT)) {
                    throw unfit;
                }
            }
        }
    }

    /** Takes a step for each; those of which it fails are parked, and take no further one. */
    private void each(List<Stream> streams, Consumer<Stream> step) {
        streams.removeIf(parked::contains);
        streams.removeIf(stream -> {
            try {
                step.accept(stream);
                return false;
            } catch (RuntimeException e) {
                // A table that somebody has locked is no reason for the others to wait.
                if (e instanceof PipelineException || Unavailable.is(e) && !Unavailable.isTimeout(e)) {
                    throw e;
                }
                park(stream, e);
                return true;
            }
        });
    }

    /** Tries those again that are parked. */
    void settleParked() {
        for (Stream stream : List.copyOf(parked)) {
            try {
                contracts.settle(stream);
                if (contracts.shape(stream).isPresent()) {
                    settleNeighbours(stream);
                    makeViews(stream);
                }
                parked.remove(stream);
                failures.over(Scope.stream(stream.name()));
                views.unpark(stream.name());
                LOG.infof("stream goes on stream=%s", stream.name());
            } catch (RuntimeException e) {
                park(stream, e);
            }
        }
    }

    /** Views of other streams too may have been read without this one: they are derived from history then. */
    private void settleNeighbours(Stream stream) {
        changes.settle(stream);
        pipeline.viewsOf(stream).stream()
                .map(View::streams)
                .flatMap(List::stream)
                .distinct()
                .filter(other -> !other.equals(stream.name()))
                .map(pipeline::stream)
                .filter(other ->
                        !parked.contains(other) && contracts.shape(other).isPresent())
                .forEach(changes::settle);
    }

    private void park(Stream stream, RuntimeException why) {
        Scope scope = Scope.stream(stream.name());
        Failure.Cause cause = cause(why);
        String message =
                switch (cause) {
                    case UNFIT -> why.getMessage();
                    case OUTAGE -> Unavailable.message(why);
                    default -> failures.defect(scope, why);
                };
        boolean isKnown = failures.of(scope).stream()
                .anyMatch(f -> f.cause() == cause && f.message().equals(message));
        if (!isKnown) {
            LOG.errorf("stream parked stream=%s error=%s", stream.name(), message);
            failures.over(scope);
        }
        parked.add(stream);
        views.park(stream.name());
        failures.report(scope, cause, message, wake);
    }

    private static Failure.Cause cause(RuntimeException why) {
        if (Unavailable.is(why)) {
            return Failure.Cause.OUTAGE;
        }
        return why instanceof ContractException || why instanceof PipelineException
                ? Failure.Cause.UNFIT
                : Failure.Cause.DEFECT;
    }
}
