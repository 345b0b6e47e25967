package dev.leat.ingest.rebuild;

import dev.leat.lake.LakeReach;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.ContractException;
import dev.leat.view.FencedException;
import dev.leat.view.Rebuilds.Span;
import dev.leat.view.rebuild.Definitions;
import dev.leat.view.rebuild.LaneToCatchUp;
import dev.leat.view.rebuild.Rebuild;
import dev.leat.view.rebuild.Rebuild.Source;
import dev.leat.view.rebuild.Rebuild.State;
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
    private static final String DEPENDENT_OBJECTS = "2BP01";

    private final RebuildResources leat;
    private final String view;
    private final BooleanSupplier isMine;
    private final Speed speed;

    /** @param isMine asked before each step: whether it is still this instance's to do */
    RebuildWork(RebuildResources leat, String view, BooleanSupplier isMine) {
        this.leat = leat;
        this.view = view;
        this.isMine = isMine;
        this.speed = new Speed(view, leat.rebuilds);
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
        } catch (CannotRebuild | ContractException e) {
            giveUp(State.FAILED, e.getMessage());
        } catch (RuntimeException e) {
            if (isRefusedSwap(e)) {
                giveUp(
                        State.FAILED,
                        "the new table can't take the place of the old one: " + e.getMessage()
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

    private static boolean isRefusedSwap(Throwable failure) {
        return failure instanceof PgException refused && DEPENDENT_OBJECTS.equals(refused.getSqlState());
    }

    private void begin(Rebuild rebuild) {
        Stream stream = leat.pipeline.stream(rebuild.definition().stream());
        Map<Integer, Long> starts = new TreeMap<>();
        Map<String, Long> begins = new TreeMap<>();
        List<String> gaps = new ArrayList<>();
        for (Span span : leat.rebuilds.spans(stream)) {
            String partition = stream.topic() + "-" + span.partition();
            Origin origin = origin(rebuild.source(), stream, span, partition);
            starts.put(span.partition(), origin.start());
            if (origin.start() > span.first()) {
                begins.put(partition, origin.start());
            }
            gaps.addAll(origin.gaps());
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
        leat.contracts.widen(stream, leat.views.columns(stream));
        leat.rebuilds.begin(
                rebuild,
                leat.contracts
                        .shape(stream)
                        .orElseThrow(() -> new CannotRebuild("nothing is known of the columns of stream "
                                + stream.name() + " yet; try again when it has had an event")),
                starts,
                begins);
        LOG.infof("rebuild begun view=%s source=%s", view, rebuild.source());
    }

    private Origin origin(Source source, Stream stream, Span span, String partition) {
        LakeReach reach = stream.lake().isPresent() ? leat.lake.reach(stream, span.partition()) : LakeReach.NONE;
        try (TopicLog log = leat.log(stream.topic(), span.partition())) {
            return Origin.of(partition, span.first(), reach, log.beginning(), source);
        }
    }

    private void catchUp(Rebuild rebuild) {
        View.OfStream built = Definitions.named(rebuild.builds(), rebuild.definition());
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

    private void catchUp(Rebuild rebuild, View.OfStream built, LaneToCatchUp lane) {
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
