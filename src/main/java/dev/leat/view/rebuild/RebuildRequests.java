package dev.leat.view.rebuild;

import dev.leat.catalog.Definitions;
import dev.leat.catalog.StoredDefinitions;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import dev.leat.view.lane.Checkpoints;
import dev.leat.view.rebuild.Rebuild.Source;
import dev.leat.view.rebuild.Rebuild.State;
import dev.leat.view.table.Declarations;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * What people ask of views: to be made anew, to rest, to go on. Whatever instance is asked, the one that is at work finds it
 * at its next step. Blocks.
 */
@ApplicationScoped
public class RebuildRequests {

    private final Transacting transactions;
    private final Pipeline pipeline;
    private final Declarations declarations;
    private final GenerationTables generations;

    RebuildRequests(
            Transacting transactions, Pipeline pipeline, Declarations declarations, GenerationTables generations) {
        this.transactions = transactions;
        this.pipeline = pipeline;
        this.declarations = declarations;
        this.generations = generations;
    }

    /**
     * Asks for a view to be made anew as the pipeline declares it; an instance that ingests takes it up.
     *
     * @throws RebuildConflict when one is under way
     */
    public Rebuild request(String name, Source source) {
        View view = declarations.resolved(declared(name));
        return transactions.run(tx -> {
            if (!PgRebuilds.request(tx, view, declarations.hash(view), null, source, State.REQUESTED)) {
                Rebuild there = PgRebuilds.find(tx, name).orElseThrow();
                throw new RebuildConflict(
                        there.isCatchUp()
                                ? "view " + name + " is paused or catches up; resume it and let it come to an end first"
                                : "view " + name + " is being rebuilt; cancel that first, or let it come to an end");
            }
            return PgRebuilds.find(tx, name).orElseThrow();
        });
    }

    /** Lets a rebuild rest, or, where there is none, the view itself. */
    public Rebuild pause(String name) {
        return transactions.run(tx -> {
            Optional<Rebuild> there =
                    PgRebuilds.lock(tx, name).filter(r -> !r.state().isOver());
            if (there.isPresent()) {
                PgRebuilds.move(tx, name, State.PAUSED, null);
            } else {
                StoredDefinitions.Entry standing = standing(tx, declared(name).name());
                View view = standing.view().orElseThrow();
                PgRebuilds.request(tx, view, standing.hash(), name, Source.LAKE, State.PAUSED);
                generations.standInTransaction(tx, view);
            }
            return PgRebuilds.find(tx, name).orElseThrow();
        });
    }

    public Rebuild resume(String name) {
        return transactions.run(tx -> {
            Rebuild there = underWay(PgRebuilds.lock(tx, name), name, "resume");
            if (there.state() == State.PAUSED) {
                PgRebuilds.move(tx, name, there.builds() == null ? State.REQUESTED : State.RUNNING, null);
            }
            return PgRebuilds.find(tx, name).orElseThrow();
        });
    }

    /** Gives a rebuild up; the view that serves goes on. */
    public Rebuild cancel(String name) {
        return transactions.run(tx -> {
            Checkpoints.lockAllInTransaction(tx);
            Rebuild there = underWay(PgRebuilds.lock(tx, name), name, "cancel");
            if (there.isCatchUp()) {
                throw new RebuildConflict(
                        "view " + name + " isn't being rebuilt, it is paused or catches up after that;"
                                + " resume it, or rebuild it once it has come to an end");
            }
            if (there.builds() != null) {
                generations.removeInTransaction(tx, Definitions.named(there.builds(), there.definition()));
            }
            PgRebuilds.move(tx, name, State.CANCELLED, null);
            return PgRebuilds.find(tx, name).orElseThrow();
        });
    }

    /** By what it stands there as, whatever the pipeline says of it now. */
    private static StoredDefinitions.Entry standing(Tx tx, String name) {
        return StoredDefinitions.find(tx, name)
                .filter(entry -> entry.view().isPresent())
                .orElseThrow(() -> new RebuildConflict("view " + name + " isn't there yet; there is nothing to pause"));
    }

    private View declared(String name) {
        View view = pipeline.views().get(name);
        if (view.streams().isEmpty()) {
            throw new RebuildConflict("view " + name + " only reads other views, and keeps nothing: Postgres answers it"
                    + " from what they have; rebuild or pause those");
        }
        return view;
    }

    private static Rebuild underWay(Optional<Rebuild> there, String name, String what) {
        return there.filter(r -> !r.state().isOver())
                .orElseThrow(() -> new RebuildConflict(
                        "view " + name + " is neither paused nor being rebuilt; there is nothing to " + what));
    }
}
