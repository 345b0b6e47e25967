package dev.leat.view.rebuild;

import dev.leat.catalog.Definitions;
import dev.leat.catalog.Generations;
import dev.leat.catalog.StoredDefinitions;
import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import dev.leat.view.lane.PgCheckpoints;
import dev.leat.view.rebuild.Rebuild.Source;
import dev.leat.view.rebuild.Rebuild.State;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Views that rest because they can't be applied to. Each is paused as if somebody had asked for it: it answers with the rows
 * that it has, no lane waits for it, and once it is resumed it gets every event that it lacks, from lake and topic. Where
 * retention has removed some by then, it goes on resting and says so.
 */
@ApplicationScoped
public class RestingViews {

    private static final Logger LOG = Logger.getLogger(RestingViews.class);

    private final Transacting transactions;
    private final GenerationTables generations;
    private final RebuildRequests requests;
    private final Failures failures;

    // Those that are on the board by us. For one thread.
    private final Set<String> shown = new HashSet<>();

    RestingViews(Transacting transactions, GenerationTables generations, RebuildRequests requests, Failures failures) {
        this.transactions = transactions;
        this.generations = generations;
        this.requests = requests;
        this.failures = failures;
    }

    /**
     * Takes the view from all lanes. Of a generation that isn't active yet the rebuild fails instead. Blocks.
     *
     * @param name the view's or the generation's
     * @return false when the view can't rest: it isn't made yet, or another generation of it is being built
     */
    public boolean rest(String name, String message) {
        return rest(name, message, Failure.Cause.DEFECT);
    }

    /** @param cause of which kind it is */
    public boolean rest(String name, String message, Failure.Cause cause) {
        String view = Generations.viewOf(name);
        boolean rests = transactions.run(tx -> {
            PgCheckpoints.lockAllInTransaction(tx);
            Optional<Rebuild> running =
                    PgRebuilds.lock(tx, view).filter(r -> !r.state().isOver());
            return Generations.isGeneration(name)
                    ? fail(tx, name, running, message)
                    : pause(tx, view, running, message, cause);
        });
        if (rests) {
            LOG.errorf("view rests view=%s error=%s", view, message);
        }
        return rests;
    }

    private boolean fail(Tx tx, String generation, Optional<Rebuild> running, String message) {
        running.filter(rebuild -> generation.equals(rebuild.builds())).ifPresent(rebuild -> {
            generations.removeInTransaction(tx, Definitions.named(generation, rebuild.definition()));
            PgRebuilds.move(tx, rebuild.view(), State.FAILED, message);
        });
        return true;
    }

    private boolean pause(Tx tx, String view, Optional<Rebuild> running, String message, Failure.Cause cause) {
        if (running.isPresent() && !running.get().isCatchUp()) {
            return false;
        }
        Optional<StoredDefinitions.Entry> there =
                StoredDefinitions.find(tx, view).filter(entry -> entry.view().isPresent());
        if (there.isEmpty()) {
            return false;
        }
        if (running.isEmpty()) {
            PgRebuilds.request(tx, there.get().view().get(), there.get().hash(), view, Source.ALL, State.PAUSED);
        }
        PgRebuilds.move(tx, view, State.PAUSED, message, cause);
        generations.pauseInTransaction(tx, there.get().view().get());
        return true;
    }

    /**
     * Shows which views rest, whichever instance has let them. Never blocks.
     *
     * @param all as Postgres has them now
     */
    public void show(List<Rebuild> all) {
        Set<String> resting = new HashSet<>();
        for (Rebuild rebuild : all) {
            if (rebuild.isCatchUp() && rebuild.state() == State.PAUSED && rebuild.message() != null) {
                resting.add(rebuild.view());
                // Resuming it by this makes up for what it has missed, and so does more than what was said before.
                if (shown.add(rebuild.view())
                        || failures.of(Scope.view(rebuild.view())).isEmpty()) {
                    failures.over(Scope.view(rebuild.view()));
                    failures.rest(
                            Scope.view(rebuild.view()),
                            rebuild.cause() == null ? Failure.Cause.DEFECT : rebuild.cause(),
                            rebuild.message() + "; its rows lag until it is resumed",
                            () -> Thread.ofVirtual()
                                    .name("resume-" + rebuild.view())
                                    .start(() -> resume(rebuild.view())));
                }
            }
        }
        shown.removeIf(view -> {
            boolean isOver = !resting.contains(view);
            if (isOver) {
                failures.over(Scope.view(view), Failure.Cause.DEFECT);
                failures.over(Scope.view(view), Failure.Cause.UNFIT);
            }
            return isOver;
        });
    }

    private void resume(String view) {
        try {
            requests.resume(view);
        } catch (RebuildConflict alreadyDone) {
            LOG.debugf("not resumed view=%s: %s", view, alreadyDone.getMessage());
        } catch (RuntimeException e) {
            LOG.warnf("not resumed view=%s error=%s", view, Unavailable.message(e));
        }
    }
}
