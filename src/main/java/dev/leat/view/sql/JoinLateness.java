package dev.leat.view.sql;

import dev.leat.postgres.Tx;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.codec.time.PgTimes;
import dev.leat.view.time.ClosedThrough;
import dev.leat.view.time.LateEvents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Events that come too late for a join: older than what the view is closed through, so that their match may be deleted. */
record JoinLateness(String view, OwnConditions left, OwnConditions right) {

    static JoinLateness of(ValidatedSelect validated, StreamJoin join) {
        return new JoinLateness(
                validated.view().name(),
                OwnConditions.of(validated, join.left()),
                // An event of the second stream keeps one of the first from being unmatched, whatever WHERE says.
                join.isOuter()
                        ? OwnConditions.none(validated, join.right())
                        : OwnConditions.of(validated, join.right()));
    }

    /** Saves those that would have made a row; none of the late ones is left. */
    int[] withoutLate(Tx tx, JoinSide own, Rows batch, int[] events) {
        Instant closed = ClosedThrough.inTransaction(tx, view);
        int[] late = Arrays.stream(events)
                .filter(row -> time(batch, row).isBefore(closed))
                .toArray();
        int[] missed = (own.stream().equals(left.stream()) ? left : right).met(tx, batch, late);
        List<Instant> ends = new ArrayList<>();
        for (int row : missed) {
            ends.add(own.end(time(batch, row)));
        }
        LateEvents.saveInTransaction(tx, view, batch, missed, ends);
        return VisibleEvents.without(events, late);
    }

    private static Instant time(Rows batch, int row) {
        return PgTimes.timestamp(batch.eventTime(row)).toInstant();
    }
}
