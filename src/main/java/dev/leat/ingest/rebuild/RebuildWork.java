package dev.leat.ingest.rebuild;

import dev.leat.catalog.Definitions;
import dev.leat.failure.Failure.Cause;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.View;
import dev.leat.postgres.SqlState;
import dev.leat.schema.contract.ContractException;
import dev.leat.view.lane.apply.ViewFault;
import dev.leat.view.rebuild.LaneToCatchUp;
import dev.leat.view.rebuild.Rebuild;
import dev.leat.view.rebuild.Rebuild.State;
import dev.leat.view.rebuild.Rebuilds;
import io.vertx.pgclient.PgException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/** One rebuild, from the progress that Postgres has of it to its end. For one thread. */
final class RebuildWork {

    private static final Logger LOG = Logger.getLogger(RebuildWork.class);

    private final Rebuilds rebuilds;
    private final RebuildStart start;
    private final LaneCatchUps catchUps;
    private final String view;
    private final BooleanSupplier isMine;
    private final IntConsumer applied;

    /**
     * @param isMine asked before each step: whether this instance still has the claim
     * @param applied told how many events each batch applied
     */
    RebuildWork(
            Rebuilds rebuilds,
            RebuildStart start,
            LaneCatchUps catchUps,
            String view,
            BooleanSupplier isMine,
            IntConsumer applied) {
        this.rebuilds = rebuilds;
        this.start = start;
        this.catchUps = catchUps;
        this.view = view;
        this.isMine = isMine;
        this.applied = applied;
    }

    /** Returns when the rebuild is over or no longer ours. Throws on an outage, and may be called again then. */
    void run() {
        try {
            Rebuild rebuild = rebuilds.find(view).orElseThrow();
            if (rebuild.state() == State.REQUESTED) {
                start.begin(rebuild);
                rebuild = rebuilds.find(view).orElseThrow();
            }
            if (rebuild.state() == State.RUNNING) {
                catchUp(rebuild);
            }
        } catch (ContractException | PipelineException e) {
            fail(e.getMessage(), Cause.UNFIT);
        } catch (CannotRebuild | ViewFault e) {
            fail(e.getMessage(), null);
        } catch (PgException e) {
            if (!SqlState.DEPENDENT_OBJECTS_STILL_EXIST.isOf(e)) {
                throw e;
            }
            fail(
                    "the new table can't replace the old one: " + refusal(e)
                            + "; drop what depends on the view's table, rebuild, and create it again",
                    Cause.UNFIT);
        }
    }

    private void fail(String message, Cause cause) {
        LOG.errorf("rebuild failed view=%s error=%s", view, message);
        rebuilds.giveUp(view, State.FAILED, message, cause);
    }

    /** The detail names the dependent objects. */
    private static String refusal(PgException refused) {
        return refused.getMessage() + (refused.getDetail() == null ? "" : ": " + refused.getDetail());
    }

    private void catchUp(Rebuild rebuild) {
        View generation = Definitions.named(rebuild.builds(), rebuild.definition());
        rebuilds.takeUp(rebuild);
        while (isMine.getAsBoolean()) {
            List<LaneToCatchUp> lanes = rebuilds.lanes(rebuild);
            if (lanes.isEmpty()) {
                if (rebuilds.finish(view)) {
                    LOG.infof("rebuild done view=%s", view);
                }
                return;
            }
            for (LaneToCatchUp lane : lanes) {
                catchUp(rebuild, generation, lane);
            }
        }
    }

    private void catchUp(Rebuild rebuild, View generation, LaneToCatchUp lane) {
        try (LaneCatchUp catchUp = catchUps.open(generation, lane, rebuild.source(), applied)) {
            catchUp.run(isMine, () -> current(rebuild, lane))
                    .ifPresent(fenced -> LOG.debugf("view fenced view=%s: %s", view, fenced.message()));
        }
    }

    private Optional<LaneToCatchUp> current(Rebuild rebuild, LaneToCatchUp lane) {
        return rebuilds.lanes(rebuild).stream()
                .filter(now -> now.topic().equals(lane.topic()) && now.partition() == lane.partition())
                .findFirst();
    }
}
