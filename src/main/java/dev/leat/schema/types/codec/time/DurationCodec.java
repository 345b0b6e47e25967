package dev.leat.schema.types.codec.time;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.codec.StoredAs;
import dev.leat.schema.types.codec.UniformCodec;
import io.vertx.pgclient.data.Interval;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/**
 * Avro's durations: months, days and milliseconds side by side. In Avro three little-endian unsigned ints; everywhere else
 * text of ISO 8601, {@code P14M3DT4.005S}.
 */
public final class DurationCodec extends UniformCodec {

    private static final int BYTES = 12;

    private static final Pattern WRITTEN = Pattern.compile("P(?:(\\d+)M)?(?:(\\d+)D)?(?:T([\\d.]+)S)?");

    private static final Pattern QUERIED =
            Pattern.compile("P(?=.)(?:([0-9]{1,10})M)?(?:([0-9]{1,10})D)?(?:T([0-9]{1,9}(?:\\.[0-9]{1,6})?)S)?");

    private static final Pattern INTERVAL = Pattern.compile("(?:([0-9]+) years? ?)?(?:([0-9]+) mons? ?)?"
            + "(?:([0-9]+) days? ?)?(?:([0-9]+):([0-9]{2}):([0-9]{2}(?:\\.[0-9]+)?))?");

    /** What {@link #answer} leaves as it is: lengths with a sign. */
    private static final Pattern OF_POSTGRES = Pattern.compile("(?=.*-)"
            + "(?:[+-]?[0-9]{1,9} (?:years?|mons?|days?) ?)*(?:[+-]?[0-9]{1,9}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,6})?)?");

    public DurationCodec() {
        super(
                Kind.DURATION,
                Schema.create(Schema.Type.STRING),
                StoredAs.OBJECT,
                "a duration of months, days and seconds, as P14M3DT4.005S");
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        ByteBuffer bytes = ByteBuffer.wrap(in.readFixed(BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        long months = Integer.toUnsignedLong(bytes.getInt());
        long days = Integer.toUnsignedLong(bytes.getInt());
        long millis = Integer.toUnsignedLong(bytes.getInt());
        return text(months, days, BigDecimal.valueOf(millis).divide(BigDecimal.valueOf(1000)));
    }

    private static String text(long months, long days, BigDecimal seconds) {
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

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        Matcher parts = WRITTEN.matcher((String) value);
        if (!parts.matches()) {
            throw new AvroCursor.Malformed("a duration isn't one");
        }
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 1; i <= 2; i++) {
            bytes.putInt(parts.group(i) == null ? 0 : Integer.parseUnsignedInt(parts.group(i)));
        }
        BigDecimal seconds = parts.group(3) == null ? BigDecimal.ZERO : new BigDecimal(parts.group(3));
        bytes.putInt((int) seconds.movePointRight(3).longValueExact());
        out.writeFixed(bytes.array());
    }

    @Override
    public String emittedDoc() {
        return "Interval as Postgres writes it, as 1 mon 3 days 00:00:04.005.";
    }

    @Override
    public boolean fits(Schema field, ColumnType held) {
        return super.fits(field, held) || isText(field, held);
    }

    @Override
    public String parameter() {
        return "text";
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new String[rows.length], vector, rows, r -> (String) vector.objectAt(r));
    }

    @Override
    public Object ofStored(Object value, Schema schema) {
        return value.toString();
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeString((String) value);
    }

    /** The client would count 30 days as a month. */
    @Override
    public boolean isSelectedAsText() {
        return true;
    }

    /** @param selected as Postgres writes it, {@code 1 year 2 mons 3 days 00:00:04.005} */
    @Override
    public Object answer(Object selected) {
        Matcher interval = INTERVAL.matcher((String) selected);
        if (!interval.matches()) {
            return selected; // a negative one, which isn't ours
        }
        long months = number(interval, 1) * 12 + number(interval, 2);
        BigDecimal seconds = BigDecimal.valueOf((number(interval, 4) * 60 + number(interval, 5)) * 60)
                .add(interval.group(6) == null ? BigDecimal.ZERO : new BigDecimal(interval.group(6)))
                .stripTrailingZeros();
        return text(months, number(interval, 3), seconds);
    }

    @Override
    public Object parse(String text) {
        Matcher duration = QUERIED.matcher(text);
        if (PgTimes.isInfinite(text) || OF_POSTGRES.matcher(text).matches()) {
            return text;
        }
        if (!duration.matches()) {
            throw new IllegalArgumentException(text);
        }
        BigDecimal micros = new BigDecimal(duration.group(3) == null ? "0" : duration.group(3)).movePointRight(6);
        return Interval.of()
                .months(inRange(number(duration, 1)))
                .days(inRange(number(duration, 2)))
                .seconds(micros.divideToIntegralValue(BigDecimal.valueOf(1_000_000))
                        .intValueExact())
                .microseconds(micros.remainder(BigDecimal.valueOf(1_000_000)).intValueExact());
    }

    private static int inRange(long number) {
        if (number > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(number + " months or days");
        }
        return (int) number;
    }

    private static long number(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
    }

    @Override
    public String scalarDoc() {
        return "Months, days and seconds side by side, as P14M3DT4.005S.";
    }
}
