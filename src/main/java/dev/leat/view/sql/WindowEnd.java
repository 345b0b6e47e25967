package dev.leat.view.sql;

import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * When the windows of rows end, as SQL over the rows.
 *
 * @param at the moment
 * @param atOrBefore a condition: at the given moment or before; an index of the column that tells it is of use
 * @param after a condition: after the given moment, likewise
 */
record WindowEnd(String at, UnaryOperator<String> atOrBefore, UnaryOperator<String> after) {

    /**
     * @param start the column with the windows' start
     * @param end the end as it follows from that
     * @param longest no window is longer, as an interval
     */
    static WindowEnd ofStart(String start, String end, String longest) {
        return new WindowEnd(
                end,
                moment -> start + " < " + moment + " AND " + end + " <= " + moment,
                moment -> start + " >= " + moment + " - " + longest + " AND " + end + " > " + moment);
    }

    /** @param last the column with the time of the newest event; the window ends so much later */
    static WindowEnd ofLast(String last, String gap) {
        return new WindowEnd(
                "(" + last + " + " + gap + ")",
                moment -> last + " <= " + moment + " - " + gap,
                moment -> last + " > " + moment + " - " + gap);
    }

    /** The same, so much later. */
    WindowEnd delayed(Duration delay) {
        if (delay.isZero()) {
            return this;
        }
        String interval = "interval '" + delay.toNanos() / 1000 + " microseconds'";
        UnaryOperator<String> earlier = moment -> "(" + moment + " - " + interval + ")";
        return new WindowEnd(
                "(" + at + " + " + interval + ")",
                moment -> atOrBefore.apply(earlier.apply(moment)),
                moment -> after.apply(earlier.apply(moment)));
    }
}
