package dev.leat.view.fold;

import dev.leat.postgres.SqlState;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.Vector;
import dev.leat.view.writer.Explanation;
import dev.leat.view.writer.OrderedEvents;
import dev.leat.view.writer.ViewWriter;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hibernate.internal.SessionFactoryImpl;

/**
 * Folds events into the states of their keys: the states of a batch's keys are locked and read at once, each event is
 * folded in its turn, in memory, and what became of the states is written at once.
 *
 * <p>Lanes that share a key take turns: on its row, or, while it has none, on the key that the second one can't insert.
 */
final class FoldWriter implements ViewWriter {

    private static final int ATTEMPTS = 5;

    private final FoldedView view;
    private final SessionFactoryImpl factory;

    FoldWriter(FoldedView view, SessionFactoryImpl factory) {
        this.view = view;
        this.factory = factory;
    }

    @Override
    public Explanation explain(Map<String, Shape> streams) {
        return new Explanation(
                "One row a key: the state that a fold in Java derives from its events, in their order. The states of a batch's keys"
                        + " are locked and read at once, folded in memory, and written at once.",
                view.table().columns().keyNames(),
                Map.of(),
                List.of(),
                List.of());
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        applyInTransaction(tx, OrderedEvents.of(rows), selected);
    }

    @Override
    public void applyInTransaction(Tx tx, OrderedEvents events, int[] selected) {
        for (int attempt = 1; ; attempt++) {
            tx.send("SAVEPOINT fold");
            try {
                foldInTransaction(tx, events, selected);
                tx.send("RELEASE SAVEPOINT fold");
                return;
            } catch (RuntimeException e) {
                PgException refusal = refusal(e);
                if (!isKeyTaken(refusal) || attempt == ATTEMPTS) {
                    // The client's own exception says what kind of failure it is.
                    throw refusal == null ? e : refusal;
                }
                // Another lane has inserted the key's first state meanwhile; it can be read now.
                tx.execute("ROLLBACK TO SAVEPOINT fold; RELEASE SAVEPOINT fold");
            }
        }
    }

    private void foldInTransaction(Tx tx, OrderedEvents events, int[] selected) {
        // In the order of the keys, in which all lanes lock them.
        TreeMap<StateKey, List<Integer>> byKey = new TreeMap<>();
        for (int event : selected) {
            byKey.computeIfAbsent(key(events, event), key -> new ArrayList<>()).add(event);
        }
        States states = new States(tx, factory, view.table());
        Map<StateKey, Object> before = states.lockAndLoad(byKey.navigableKeySet());
        Map<StateKey, Object> added = new LinkedHashMap<>();
        List<Object> changed = new ArrayList<>();
        List<Object> ended = new ArrayList<>();
        view.withReaders(readers -> {
            Folding folding = new Folding(view, events, readers);
            byKey.forEach((key, ofKey) -> {
                Object loaded = before.get(key);
                Object state = folding.fold(key, loaded, ofKey);
                if (loaded == null && state != null) {
                    added.put(key, state);
                } else if (loaded != null) {
                    (state == null ? ended : changed).add(state == null ? loaded : state);
                }
            });
            return null;
        });
        states.save(added, changed, ended);
    }

    private StateKey key(OrderedEvents events, int event) {
        Rows rows = events.rows(event);
        List<Comparable<Object>> parts = new ArrayList<>();
        List<String> columns = view.keyOf(rows.stream());
        for (int i = 0; i < columns.size(); i++) {
            Vector vector = rows.vector(columns.get(i));
            parts.add(StateKey.part(
                    vector, events.row(event), view.table().keyTypes().get(i)));
        }
        return new StateKey(parts);
    }

    private static PgException refusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException refusal) {
                return refusal;
            }
        }
        return null;
    }

    private static boolean isKeyTaken(PgException refusal) {
        return SqlState.UNIQUE_VIOLATION.isOf(refusal)
                && refusal.getConstraint() != null
                && refusal.getConstraint().endsWith("_pkey");
    }
}
