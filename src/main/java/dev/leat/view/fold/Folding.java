package dev.leat.view.fold;

import dev.leat.schema.emit.EventReader;
import dev.leat.schema.emit.Unreadable;
import dev.leat.schema.types.Rows;
import dev.leat.view.writer.OrderedEvents;
import dev.leat.view.writer.RowRefused;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** One attempt at folding a batch's events, in memory, on the lane's thread. */
final class Folding {

    private static final long NONE = -1;

    private final FoldedView view;
    private final OrderedEvents events;
    private final Map<String, EventReader> readers;

    Folding(FoldedView view, OrderedEvents events, Map<String, EventReader> readers) {
        this.view = view;
        this.events = events;
        this.readers = readers;
    }

    /**
     * What becomes of a key's state.
     *
     * @param before null for none
     * @param ofKey indexes of the key's events, ascending
     * @return null for none
     * @throws RowRefused when an event can't be folded
     */
    Object fold(StateKey key, Object before, List<Integer> ofKey) {
        Object state = before;
        long deleted = NONE;
        for (int event : ofKey) {
            Rows rows = events.rows(event);
            int row = events.row(event);
            if (rows.isDelete(row)) {
                // On a topic of several streams a delete is each one's, and happened once.
                if (rows.offset(row) == deleted) {
                    continue;
                }
                deleted = rows.offset(row);
            }
            state = apply(state, rows, row);
            if (state != null) {
                view.table().identify(state, key);
            }
        }
        return state;
    }

    private Object apply(Object state, Rows rows, int row) {
        EventPosition position = new EventPosition(
                rows.stream().name(),
                rows.stream().topic(),
                rows.partition(),
                rows.offset(row),
                Instant.ofEpochMilli(rows.timestamp(row)));
        if (rows.isDelete(row)) {
            return folded("a delete", () -> view.transitions().delete(state, position));
        }
        SpecificRecord event;
        try {
            event = readers.get(position.stream()).read(rows, row);
        } catch (Unreadable e) {
            throw new RowRefused(e.getMessage(), e);
        }
        return folded(event.getSchema().getFullName(), () -> view.transitions().apply(state, event, position));
    }

    private Object folded(String what, java.util.function.Supplier<Object> transition) {
        try {
            return transition.get();
        } catch (RuntimeException | AssertionError | LinkageError e) {
            throw new RowRefused("fold " + view.foldName() + " refuses " + what + ": " + reason(e), e);
        }
    }

    private static String reason(Throwable e) {
        return e.getMessage() == null ? e.getClass().getName() : e.getMessage();
    }
}
