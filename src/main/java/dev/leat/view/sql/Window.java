package dev.leat.view.sql;

import java.time.Duration;
import java.time.Instant;

/** How the events of a group are cut into windows. A window begins with its start and ends before its end. */
sealed interface Window {

    /** A SELECT that gives {@code _window} and {@code _window_end} for each window that an event of this time lies in. */
    String of(String time);

    /** A relation with a row for each window that one of its events lies in, {@code _window} and {@code _window_end}. */
    default String cut(String events) {
        return "SELECT e.*, w." + WindowBatch.WINDOW + ", w." + WindowBatch.END + " FROM (" + events
                + ") AS e, LATERAL (" + of("e._time") + ") AS w";
    }

    /** The last moment up to this one at which a window ends; earlier ones may be left out. */
    Instant lastEnd(Instant through);

    /**
     * When the windows of rows end.
     *
     * @param column of the rows, quoted: a window's start or, of a session, the time of its newest event
     */
    WindowEnd ending(String column);

    /** One after the other. */
    record Tumbling(WindowAlignment grid) implements Window {

        @Override
        public String of(String time) {
            return "SELECT _start AS _window, " + end("_start") + " AS _window_end FROM (SELECT " + grid.floor(time)
                    + " AS _start) AS _cell";
        }

        @Override
        public WindowEnd ending(String column) {
            return WindowEnd.ofStart(column, grid.next(column), grid.longest(1));
        }

        private String end(String start) {
            return grid.next(start);
        }

        @Override
        public Instant lastEnd(Instant through) {
            return grid.floor(through);
        }
    }

    /**
     * One beginning with every cell.
     *
     * @param steps so many cells is each of them long
     */
    record Hopping(WindowAlignment grid, int steps) implements Window {

        @Override
        public String of(String time) {
            return "SELECT " + grid.step("_start", "(-_step)") + " AS _window, "
                    + grid.step("_start", "(" + steps + " - _step)") + " AS _window_end FROM (SELECT "
                    + grid.floor(time) + " AS _start) AS _cell, generate_series(0, " + (steps - 1) + ") AS _step";
        }

        @Override
        public WindowEnd ending(String column) {
            return WindowEnd.ofStart(column, grid.step(column, String.valueOf(steps)), grid.longest(steps));
        }

        @Override
        public Instant lastEnd(Instant through) {
            return grid.floor(through);
        }
    }

    /**
     * Events that follow each other sooner than the gap. To begin with, each is a session of its own.
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
            return new WindowAlignment.Even(micros, Instant.EPOCH).floor(through);
        }
    }
}
