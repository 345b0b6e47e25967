package dev.leat.ingest.rebuild;

import dev.leat.catalog.Definitions;
import dev.leat.lake.manifest.LakeReach;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.SqlState;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Shape;
import dev.leat.view.lane.FencedException;
import dev.leat.view.rebuild.LaneToCatchUp;
import dev.leat.view.rebuild.Rebuild;
import dev.leat.view.rebuild.Rebuild.Source;
import dev.leat.view.rebuild.Rebuild.State;
import dev.leat.view.rebuild.Rebuilds.Span;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** One rebuild, from where Postgres says that it stands to its end. One thread's. */
final class RebuildWork {

    private static final Logger LOG = Logger.getLogger(RebuildWork.class);

    private final RebuildResources leat;
    private final String view;
    private final BooleanSupplier isMine;
    private final RebuildSpeed speed;

    /** @param isMine asked before each step: whether it is still this instance's to do */
    RebuildWork(RebuildResources leat, String view, BooleanSupplier isMine) {
        this.leat = leat;
        this.view = view;
        this.isMine = isMine;
        this.speed = new RebuildSpeed(view, leat.rebuilds);
    }

    /** Returns when it is over, or no longer ours; throws on an outage, and may be called again then. */
    void run() {
        try {
            Rebuild rebuild = leat.rebuilds.find(view).orElseThrow();
            if (rebuild.state() == State.REQUESTED) {
                begin(rebuild);
                rebuild = leat.rebuilds.find(view).orElseThrow();
            }
            if (rebuild.state() == State.RUNNING) {
                catchUp(rebuild);
            }
        } catch (CannotRebuild | ContractException | PipelineException e) {
            giveUp(State.FAILED, e.getMessage());
        } catch (RuntimeException e) {
            if (SqlState.DEPENDENT_OBJECTS_STILL_EXIST.isOf(e)) {
                giveUp(
                        State.FAILED,
                        "the new table can't take the place of the old one: " + refusal(e)
                                + "; drop what was built upon the view's table, rebuild, and make it again");
            } else {
                throw e;
            }
        }
    }

    private void giveUp(State how, String message) {
        LOG.errorf("rebuild %s view=%s error=%s", how.name().toLowerCase(java.util.Locale.ROOT), view, message);
        leat.rebuilds.giveUp(view, how, message);
    }

    /** What stands upon it is named in the detail. */
    private static String refusal(Throwable failure) {
        String detail = ((PgException) failure).getDetail();
        return failure.getMessage() + (detail == null ? "" : ": " + detail);
    }

    private void begin(Rebuild rebuild) {
        View wanted = rebuild.definition();
        Map<String, Shape> shapes = shapes(wanted);
        Map<String, Map<Integer, Long>> starts = new TreeMap<>();
        Map<String, Long> begins = new TreeMap<>();
        List<String> gaps = new ArrayList<>();
        if (leat.rebuilds.keepsState(wanted)) {
            for (Map.Entry<String, List<Stream>> topic : leat.streams(wanted).entrySet()) {
                starts.put(topic.getKey(), starts(rebuild.source(), topic.getValue(), begins, gaps));
            }
        }
        if (!gaps.isEmpty()) {
            String gone = "events are gone that neither the lake nor the topic has: " + String.join(", ", gaps);
            if (!rebuild.source().acceptsLess()) {
                giveUp(
                        State.REFUSED,
                        gone + "; to make view " + view + " without them, POST /api/views/" + view
                                + "/rebuild?from=lake, or ?from=topic for what the topic has");
                return;
            }
            LOG.warnf("history is not whole view=%s: %s", view, gone);
        }
        leat.rebuilds.begin(rebuild, shapes, starts, begins);
        LOG.infof("rebuild begun view=%s source=%s", view, rebuild.source());
    }

    private Map<String, Shape> shapes(View wanted) {
        Map<String, Shape> shapes = new TreeMap<>();
        for (String name : wanted.streams()) {
            Stream stream = leat.pipeline.stream(name);
            leat.learnColumns(stream);
            shapes.put(name, leat.contracts.shape(stream).orElseThrow(() -> unknown(wanted, stream)));
        }
        return shapes;
    }

    /** Of several streams one may have had events and another none: the view waits for the first. */
    private static RuntimeException unknown(View wanted, Stream stream) {
        String message = "nothing is known of the columns of stream " + stream.name() + " yet";
        return wanted.streams().size() > 1
                ? new IllegalStateException(message)
                : new CannotRebuild(message + "; try again when it has had an event");
    }

    /** @param streams all of one topic that the view follows */
    private Map<Integer, Long> starts(
            Source source, List<Stream> streams, Map<String, Long> begins, List<String> gaps) {
        String topic = streams.getFirst().topic();
        Map<Integer, Long> starts = new TreeMap<>();
        for (Span span : leat.rebuilds.spans(topic)) {
            String partition = topic + "-" + span.partition();
            HistoryStart origin = origin(source, streams, span, partition);
            starts.put(span.partition(), origin.start());
            if (origin.start() > span.first()) {
                begins.put(partition, origin.start());
            }
            gaps.addAll(origin.gaps());
        }
        return starts;
    }

    private HistoryStart origin(Source source, List<Stream> streams, Span span, String partition) {
        LakeReach reach = LakeLog.reach(leat.lake, streams, span.partition());
        try (TopicLog log = leat.log(streams.getFirst().topic(), span.partition())) {
            return HistoryStart.of(partition, span.first(), reach, log.beginning(), source);
        }
    }

    private void catchUp(Rebuild rebuild) {
        View built = Definitions.named(rebuild.builds(), rebuild.definition());
        while (isMine.getAsBoolean()) {
            List<LaneToCatchUp> lanes = leat.rebuilds.lanes(rebuild);
            if (lanes.isEmpty()) {
                if (leat.rebuilds.finish(view)) {
                    LOG.infof("rebuild done view=%s", view);
                }
                return;
            }
            for (LaneToCatchUp lane : lanes) {
                catchUp(rebuild, built, lane);
            }
        }
    }

    private void catchUp(Rebuild rebuild, View built, LaneToCatchUp lane) {
        try (LaneCatchUp catchUp = new LaneCatchUp(leat, built, lane, rebuild.source(), speed::applied)) {
            catchUp.run(isMine, () -> latest(rebuild, lane));
        } catch (FencedException e) {
            LOG.debugf("view moved on by another instance view=%s: %s", view, e.getMessage());
        }
    }

    private Optional<LaneToCatchUp> latest(Rebuild rebuild, LaneToCatchUp lane) {
        return leat.rebuilds.lanes(rebuild).stream()
                .filter(now -> now.topic().equals(lane.topic()) && now.partition() == lane.partition())
                .findFirst();
    }
}
