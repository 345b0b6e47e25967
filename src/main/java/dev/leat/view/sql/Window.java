package dev.leat.view.sql;

import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How the events of a group are cut into windows. A window begins with its start and ends before its end. */
sealed interface Window {

    /** The columns that a batch cut into windows has, for a window's start and end. */
    String WINDOW = "_window";

    String END = "_window_end";
    ColumnType TIMESTAMP = ColumnType.of(ColumnType.Kind.TIMESTAMP);
    List<Column> OWN_COLUMNS = List.of(new Column(WINDOW, TIMESTAMP, true, ""), new Column(END, TIMESTAMP, true, ""));

    /** A SELECT that gives {@code _window} and {@code _window_end} for each window that contains this time. */
    String of(String time);

    /** A relation with a row for each window that contains one of its events, {@code _window} and {@code _window_end}. */
    default String cut(String events) {
        return "SELECT e.*, w." + WINDOW + ", w." + END + " FROM (" + events + ") AS e, LATERAL (" + of("e._time")
                + ") AS w";
    }

    /** The last moment up to this one at which it is to be looked which windows have ended; earlier ones may be left out. */
    Instant lastEnd(Instant through);

    /**
     * When the windows of rows end.
     *
     * @param column of the rows, quoted: a window's start or, of a session, the time of its newest event
     */
    WindowEnd ending(String column);

    /** One after the other. */
    record Tumbling(WindowAlignment alignment) implements Window {

        @Override
        public String of(String time) {
            return "SELECT _start AS _window, " + end("_start") + " AS _window_end FROM (SELECT "
                    + alignment.floor(time) + " AS _start) AS _cell";
        }

        @Override
        public WindowEnd ending(String column) {
            return WindowEnd.ofStart(column, alignment.end(column, "1"), alignment.longest(1));
        }

        private String end(String start) {
            return alignment.end(start, "1");
        }

        @Override
        public Instant lastEnd(Instant through) {
            return alignment.lastEnd(through);
        }
    }

    /**
     * One that begins with each interval of the alignment.
     *
     * @param steps how many intervals long each window is
     */
    record Hopping(WindowAlignment alignment, int steps) implements Window {

        @Override
        public String of(String time) {
            return "SELECT " + alignment.step("_start", "(-_step)") + " AS _window, "
                    + alignment.end("_start", "(" + steps + " - _step)") + " AS _window_end FROM (SELECT "
                    + alignment.floor(time) + " AS _start) AS _cell, generate_series(0, " + (steps - 1) + ") AS _step";
        }

        @Override
        public WindowEnd ending(String column) {
            return WindowEnd.ofStart(column, alignment.end(column, String.valueOf(steps)), alignment.longest(steps));
        }

        @Override
        public Instant lastEnd(Instant through) {
            return alignment.lastEnd(through);
        }
    }

    /**
     * Events that follow each other sooner than the gap. At first each is a session of its own.
     *
     * @param gap as SQL
     */
    record Session(String gap, Duration length) implements Window {

        /** Closing a hundred times a gap is often enough. */
        private static final int CLOSINGS = 100;

        @Override
        public String of(String time) {
            return "SELECT " + time + " AS _window, " + end(time) + " AS _window_end";
        }

        @Override
        public WindowEnd ending(String column) {
            return WindowEnd.ofLast(column, gap);
        }

        /** @param last the time of its newest event */
        String end(String last) {
            return "(" + last + " + " + gap + ")";
        }

        @Override
        public Instant lastEnd(Instant through) {
            long micros = Math.max(1, length.dividedBy(CLOSINGS).toNanos() / 1000);
            return new WindowAlignment.Even(micros, Instant.EPOCH).lastEnd(through);
        }
    }
}
