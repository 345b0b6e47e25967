package dev.leat.view.lane.apply;

import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.codec.time.PgTimes;
import dev.leat.view.deadletter.SideOutput;
import dev.leat.view.deadletter.WaitingEvents;
import dev.leat.view.time.ClosedThrough;
import dev.leat.view.writer.OrderedEvents;
import java.time.Instant;
import java.util.Arrays;

/**
 * Which events go on to a view with {@code wait:}, and which wait for the right side of its join. No event goes before an
 * earlier one of its partition that waits, for a delete, or an event that is written to a topic, must not overtake.
 */
record WaitFilter(Tx tx, OrderedEvents events, SideOutput side) {

    /** @param due ascending */
    int[] withoutWaiting(NamedWriter view, int[] due) {
        if (due.length == 0
                || !(view.view() instanceof View.Sql sql)
                || sql.longestWait().isEmpty()) {
            return due;
        }
        int known = known(view, due);
        for (int event : Arrays.copyOfRange(due, known, due.length)) {
            side.await(events.rows(event), events.row(event), view.name(), due.length == 1);
        }
        return Arrays.copyOf(due, known);
    }

    /** How many of them come before the first that must wait. */
    private int known(NamedWriter view, int[] due) {
        Rows rows = events.rows(due[0]);
        if (side.awaits(view.name())
                || WaitingEvents.areAnyInTransaction(
                        tx, view.name(), rows.stream().topic(), rows.partition())) {
            return 0;
        }
        Instant through = ClosedThrough.inTransaction(tx, view.name());
        int known = 0;
        while (known < due.length && isKnown(due[known], through)) {
            known++;
        }
        return known;
    }

    /** A delete has no time. */
    private boolean isKnown(int event, Instant through) {
        Rows rows = events.rows(event);
        int row = events.row(event);
        return rows.isDelete(row)
                || PgTimes.timestamp(rows.eventTime(row)).toInstant().isBefore(through);
    }
}
