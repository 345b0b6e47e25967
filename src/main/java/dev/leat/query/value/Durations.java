package dev.leat.query.value;

import io.vertx.pgclient.data.Interval;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Avro's durations, which are months, days and milliseconds side by side, as text of ISO 8601 and as Postgres's. */
final class Durations {

    private static final Pattern TEXT =
            Pattern.compile("P(?=.)(?:([0-9]{1,9})M)?(?:([0-9]{1,9})D)?(?:T([0-9]{1,9}(?:\\.[0-9]{1,6})?)S)?");

    private static final Pattern INTERVAL = Pattern.compile("(?:([0-9]+) years? ?)?(?:([0-9]+) mons? ?)?"
            + "(?:([0-9]+) days? ?)?(?:([0-9]+):([0-9]{2}):([0-9]{2}(?:\\.[0-9]+)?))?");

    private Durations() {}

    /**
     * @param interval as Postgres writes it, {@code 1 year 2 mons 3 days 00:00:04.005}: the client would count 30 days as a
     *     month
     */
    static String text(String interval) {
        Matcher matcher = INTERVAL.matcher(interval);
        if (!matcher.matches()) {
            return interval; // a negative one, which isn't ours
        }
        long months = number(matcher, 1) * 12 + number(matcher, 2);
        long days = number(matcher, 3);
        BigDecimal seconds = BigDecimal.valueOf((number(matcher, 4) * 60 + number(matcher, 5)) * 60)
                .add(matcher.group(6) == null ? BigDecimal.ZERO : new BigDecimal(matcher.group(6)))
                .stripTrailingZeros();
        StringBuilder text = new StringBuilder("P");
        if (months > 0) {
            text.append(months).append('M');
        }
        if (days > 0) {
            text.append(days).append('D');
        }
        if (seconds.signum() > 0 || text.length() == 1) {
            text.append('T').append(seconds.toPlainString()).append('S');
        }
        return text.toString();
    }

    /** An {@link IllegalArgumentException} for another text. */
    static Interval parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        BigDecimal micros = new BigDecimal(matcher.group(3) == null ? "0" : matcher.group(3)).movePointRight(6);
        return Interval.of()
                .months((int) number(matcher, 1))
                .days((int) number(matcher, 2))
                .seconds(micros.divideToIntegralValue(BigDecimal.valueOf(1_000_000))
                        .intValueExact())
                .microseconds(micros.remainder(BigDecimal.valueOf(1_000_000)).intValueExact());
    }

    private static long number(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
    }
}
