package dev.leat.view.rebuild;

import dev.leat.catalog.Definitions;
import dev.leat.catalog.StoredDefinitions;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.postgres.SqlState;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import dev.leat.view.lane.PgCheckpoints;
import dev.leat.view.rebuild.Rebuild.Source;
import dev.leat.view.rebuild.Rebuild.State;
import dev.leat.view.table.DeclaredDefinitions;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Requests to rebuild, pause, resume or cancel, from the admin API and from start-up. Any instance takes them; the one that
 * has claimed the rebuild sees them at its next step. Blocks.
 */
@ApplicationScoped
public class RebuildRequests {

    private final Transacting transactions;
    private final Pipeline pipeline;
    private final DeclaredDefinitions definitions;
    private final GenerationTables generations;

    RebuildRequests(
            Transacting transactions,
            Pipeline pipeline,
            DeclaredDefinitions definitions,
            GenerationTables generations) {
        this.transactions = transactions;
        this.pipeline = pipeline;
        this.definitions = definitions;
        this.generations = generations;
    }

    /**
     * Requests a rebuild of a view as the pipeline declares it; an instance that ingests claims it.
     *
     * @throws RebuildConflict when one is running
     */
    public Rebuild request(String name, Source source) {
        View view = definitions.resolved(declared(name));
        return transactions.run(tx -> {
            if (!PgRebuilds.request(tx, view, definitions.hash(view), null, source, State.REQUESTED)) {
                Rebuild running = PgRebuilds.find(tx, name).orElseThrow();
                throw new RebuildConflict(
                        running.isCatchUp()
                                ? "view " + name + " is paused or catches up; resume it and let it come to an end first"
                                : "view " + name + " is being rebuilt; cancel that first, or let it come to an end");
            }
            return PgRebuilds.find(tx, name).orElseThrow();
        });
    }

    /** Pauses a rebuild or, where none is running, the view itself. */
    public Rebuild pause(String name) {
        return transactions.run(tx -> {
            // A batch in hand would be applied to the view, and then once more when it catches up.
            PgCheckpoints.lockAllInTransaction(tx);
            Optional<Rebuild> running =
                    PgRebuilds.lock(tx, name).filter(r -> !r.state().isOver());
            if (running.isPresent()) {
                PgRebuilds.move(tx, name, State.PAUSED, null);
            } else {
                StoredDefinitions.Entry existing = existing(tx, declared(name).name());
                View view = existing.view().orElseThrow();
                PgRebuilds.request(tx, view, existing.hash(), name, Source.LAKE, State.PAUSED);
                generations.pauseInTransaction(tx, view);
            }
            return PgRebuilds.find(tx, name).orElseThrow();
        });
    }

    public Rebuild resume(String name) {
        return transactions.run(tx -> {
            Rebuild running = running(PgRebuilds.lock(tx, name), name, "resume");
            if (running.state() == State.PAUSED) {
                PgRebuilds.move(tx, name, running.builds() == null ? State.REQUESTED : State.RUNNING, null);
            }
            return PgRebuilds.find(tx, name).orElseThrow();
        });
    }

    /** Ends a rebuild; the active generation goes on. */
    public Rebuild cancel(String name) {
        return transactions.run(tx -> {
            PgCheckpoints.lockAllInTransaction(tx);
            Rebuild running = running(PgRebuilds.lock(tx, name), name, "cancel");
            if (running.isCatchUp()) {
                throw new RebuildConflict(
                        "view " + name + " isn't being rebuilt, it is paused or catches up after that;"
                                + " resume it, or rebuild it once it has come to an end");
            }
            if (running.builds() != null) {
                generations.removeInTransaction(tx, Definitions.named(running.builds(), running.definition()));
            }
            PgRebuilds.move(tx, name, State.CANCELLED, null);
            return PgRebuilds.find(tx, name).orElseThrow();
        });
    }

    /**
     * Drops a view that no pipeline declares any more, with all that belongs to it.
     *
     * @throws RebuildConflict it is declared, or something else of Postgres depends on it
     */
    public void drop(String name) {
        if (pipeline.views().containsKey(name)) {
            throw new RebuildConflict(
                    "view " + name + " is declared; take it out of the pipeline, restart, and drop it then");
        }
        try {
            transactions.run(tx -> {
                PgCheckpoints.lockAllInTransaction(tx);
                if (!StoredDefinitions.isLeft(tx, name)) {
                    throw new RebuildConflict(
                            "view " + name + " is kept current by another instance, whose pipeline declares"
                                    + " it; restart with a pipeline without it, and drop it then");
                }
                generations.dropInTransaction(tx, name);
                return null;
            });
        } catch (PgException refused) {
            if (!SqlState.DEPENDENT_OBJECTS_STILL_EXIST.isOf(refused)) {
                throw refused;
            }
            throw new RebuildConflict(
                    "view " + name + " isn't dropped, for something of Postgres reads it: " + refused.getDetail());
        }
    }

    /** By its stored definition, whatever the pipeline declares now. */
    private static StoredDefinitions.Entry existing(Tx tx, String name) {
        return StoredDefinitions.find(tx, name)
                .filter(entry -> entry.view().isPresent())
                .orElseThrow(
                        () -> new RebuildConflict("view " + name + " doesn't exist yet; there is nothing to pause"));
    }

    private View declared(String name) {
        View view = pipeline.views().get(name);
        if (view.streams().isEmpty()) {
            throw new RebuildConflict("view " + name + " only reads other views, and keeps nothing: Postgres answers it"
                    + " from what they have; rebuild or pause those");
        }
        return view;
    }

    private static Rebuild running(Optional<Rebuild> last, String name, String what) {
        return last.filter(r -> !r.state().isOver())
                .orElseThrow(() -> new RebuildConflict(
                        "view " + name + " is neither paused nor being rebuilt; there is nothing to " + what));
    }
}
