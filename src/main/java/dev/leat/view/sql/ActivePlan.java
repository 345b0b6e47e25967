package dev.leat.view.sql;

import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import dev.leat.view.outbox.Emitter;
import dev.leat.view.outbox.EventOrigin;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The plan by which a view is kept now, once there is one, and the closing of the view by it. */
final class ActivePlan {

    private final View.Sql view;
    private final Predicate<Tx> upToDate;

    // Written by whoever creates the view, the plan last; read by all lanes. Without a topic there is no emitter.
    private volatile Emitter emitter;
    private volatile Plan plan;

    ActivePlan(View.Sql view, Predicate<Tx> upToDate) {
        this.view = view;
        this.upToDate = upToDate;
    }

    void activate(Plan next, Emitter connected) {
        emitter = connected;
        activate(next);
    }

    void activate(Plan next) {
        plan = next;
    }

    View.Sql view() {
        return view;
    }

    Optional<Plan> ifActive() {
        return Optional.ofNullable(plan);
    }

    Plan plan() {
        return ifActive()
                .orElseThrow(() -> new IllegalStateException("view " + view.name()
                        + " waits until all its streams are declared here and have a contract: "
                        + String.join(", ", view.streams())));
    }

    /** Whether the view may be closed: it has a plan, readers see it, and it has all that its lanes have applied. */
    boolean isUpToDateInTransaction(Tx tx) {
        return plan != null && upToDate.test(tx);
    }

    /** Finalizes what ends after one moment, and at the other or before: nothing can change it any more. */
    void closeInTransaction(Tx tx, Instant from, Instant through) {
        Plan current = plan();
        current.finalRows().ifPresent(rows -> {
            current.emission().ifPresent(emission -> emitFinal(tx, emission, rows, from, through));
            rows.clearing().forEach(sql -> tx.execute(sql, moments(from, through)));
            rows.retention().forEach(sql -> tx.execute(sql, moments(through)));
        });
    }

    private void emitFinal(Tx tx, EmittedRows emission, FinalRows finalRows, Instant from, Instant through) {
        EventOrigin origin = EventOrigin.closing(through.atOffset(ZoneOffset.UTC));
        List<Emitter.Emitted> rows = new ArrayList<>();
        String select = "SELECT " + emission.selected() + " FROM (" + finalRows.rows() + ") AS _final";
        for (Row row : tx.execute(select, moments(from, through))) {
            rows.add(new Emitter.Emitted(row, origin, false));
        }
        if (!rows.isEmpty()) {
            emitter.emitInTransaction(tx, rows);
        }
    }

    /** One step of closing a join, a statement of bounded length each; whether there may be more to do. */
    boolean closeSomeInTransaction(Tx tx, Instant through) {
        return plan() instanceof JoinPlan join && join.closeSomeInTransaction(tx, through);
    }

    private static Tuple moments(Instant... moments) {
        Tuple tuple = Tuple.tuple();
        for (Instant moment : moments) {
            tuple.addValue(moment.atOffset(ZoneOffset.UTC));
        }
        return tuple;
    }
}
