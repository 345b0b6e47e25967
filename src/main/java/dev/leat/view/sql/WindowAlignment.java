package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/**
 * How windows are aligned: consecutive intervals counted from the epoch, whole weeks from a Monday. In SQL the same as
 * {@code leat.tumble}. Time zones are Postgres's alone: this process may know others.
 */
sealed interface WindowAlignment {

    /** Start of the interval that contains a time, as SQL. */
    String floor(String time);

    /**
     * Start of the interval that comes so many later, as SQL.
     *
     * @param start the start of an interval
     * @param count a whole number
     */
    String step(String start, String count);

    /**
     * When the interval ends that comes so many later, as SQL. Nearly always the next one begins then; but where clocks are
     * put back across its beginning, it has begun before.
     *
     * @param start the start of an interval
     * @param count a whole number
     */
    String end(String start, String count);

    /** The last moment up to this one at which it may be looked whether intervals have ended. */
    Instant lastEnd(Instant through);

    /** At least as long as so many intervals, as SQL. */
    String longest(int intervals);

    private static long firstDay(int days) {
        return days % 7 == 0 ? LocalDate.of(1970, 1, 5).toEpochDay() : 0;
    }

    private static String interval(long micros) {
        return "interval '" + micros / 1_000_000 + "." + "%06d".formatted(micros % 1_000_000) + " seconds'";
    }

    /** Intervals of one length. */
    record Even(long micros, Instant origin) implements WindowAlignment {

        private static final long FURTHEST =
                ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("9999-01-01T00:00:00Z"));

        static Even of(PgInterval length) {
            return new Even(
                    length.microsInUtc(), Instant.EPOCH.plus(WindowAlignment.firstDay(length.days()), ChronoUnit.DAYS));
        }

        @Override
        public String floor(String time) {
            return "date_bin(" + WindowAlignment.interval(micros) + ", " + time + ", timestamptz '" + origin + "')";
        }

        @Override
        public String step(String start, String count) {
            return "(" + start + " + " + count + " * " + WindowAlignment.interval(micros) + ")";
        }

        @Override
        public String end(String start, String count) {
            return step(start, count);
        }

        @Override
        public String longest(int intervals) {
            return "(" + intervals + " * " + WindowAlignment.interval(micros) + ")";
        }

        @Override
        public Instant lastEnd(Instant through) {
            return floor(through);
        }

        private Instant floor(Instant time) {
            long since = ChronoUnit.MICROS.between(origin, time);
            return origin.plus(Math.floorDiv(since, micros) * micros, ChronoUnit.MICROS);
        }

        /**
         * The same in microseconds since the epoch.
         *
         * @throws ArithmeticException of times thousands of years away, which Postgres might refuse
         */
        long floor(long time) {
            if (Math.abs(time / 2) > FURTHEST / 2) {
                throw new ArithmeticException(time + " microseconds since 1970-01-01");
            }
            long first = ChronoUnit.MICROS.between(Instant.EPOCH, origin);
            return first + Math.floorDiv(time - first, micros) * micros;
        }
    }

    /** Days or months of a time zone. */
    record Calendar(int months, int days, String zone) implements WindowAlignment {

        /** Zones differ from each other by whole minutes nowadays. */
        private static final Even MINUTES = new Even(60_000_000, Instant.EPOCH);

        @Override
        public String floor(String time) {
            return moment("first", local(time));
        }

        @Override
        public String step(String start, String count) {
            return moment("first", later(start, count));
        }

        @Override
        public String end(String start, String count) {
            return moment("final", later(start, count));
        }

        /** A day without a midnight begins later, and the next one doesn't. */
        private String later(String start, String count) {
            String unit = months > 0 ? months + " months" : days + " days";
            return "(" + local(start) + " + " + count + " * interval '" + unit + "')";
        }

        private String moment(String which, String local) {
            return "leat." + which + "_instant(" + local + ", " + Sql.literal(zone) + ")";
        }

        /** Start of the interval, as clocks show it. */
        private String local(String time) {
            String local = "(" + time + " AT TIME ZONE " + Sql.literal(zone) + ")";
            return months > 0 ? month(local) : day(local);
        }

        private String month(String local) {
            String number = "((extract(year FROM " + local + ") - 1970) * 12 + extract(month FROM " + local + ") - 1)";
            return "(timestamp '1970-01-01' + (" + months + " * floor(" + number + " / " + months
                    + "))::integer * interval '1 month')";
        }

        private String day(String local) {
            return "date_bin(interval '" + days + " days', " + local + ", timestamp '"
                    + LocalDate.ofEpochDay(WindowAlignment.firstDay(days)) + "')";
        }

        /** A day has up to 25 hours, and where the date line moves 48; a month 31 days. */
        @Override
        public String longest(int intervals) {
            long hours = intervals * (months * 31L + days) * 24 + 48;
            return "interval '" + hours + " hours'";
        }

        @Override
        public Instant lastEnd(Instant through) {
            return MINUTES.lastEnd(through);
        }
    }

    /** Intervals of one length, beginning with each day of a time zone; a day's last one ends with the day. */
    record WithinDay(long micros, Calendar day) implements WindowAlignment {

        @Override
        public String floor(String time) {
            return "date_bin(" + WindowAlignment.interval(micros) + ", " + time + ", " + day.floor(time) + ")";
        }

        /** Only to the next one: how many a day has isn't the same on all days. */
        @Override
        public String step(String start, String count) {
            return "least(" + start + " + " + count + " * " + WindowAlignment.interval(micros) + ", "
                    + day.step(start, "1") + ")";
        }

        @Override
        public String end(String start, String count) {
            return "least(" + start + " + " + count + " * " + WindowAlignment.interval(micros) + ", "
                    + day.end(start, "1") + ")";
        }

        @Override
        public String longest(int intervals) {
            return "(" + intervals + " * " + WindowAlignment.interval(micros) + ")";
        }

        @Override
        public Instant lastEnd(Instant through) {
            return micros % Calendar.MINUTES.micros() == 0
                    ? day.lastEnd(through)
                    : new Even(Math.min(micros, 1_000_000), Instant.EPOCH).lastEnd(through);
        }
    }
}
