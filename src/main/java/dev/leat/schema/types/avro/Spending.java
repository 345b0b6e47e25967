package dev.leat.schema.types.avro;

import java.util.function.Function;

/**
 * What a record has cost so far, against {@link AvroLimits}. Sums are of the whole record: bounds of single collections
 * wouldn't bound those that are nested. Not thread-safe; one a cursor.
 */
public final class Spending {

    private final AvroLimits limits;
    private final Function<String, RuntimeException> refusal;
    private int bytes;
    private long values;
    private long chars;
    private int depth;

    Spending(AvroLimits limits, Function<String, RuntimeException> refusal) {
        this.limits = limits;
        this.refusal = refusal;
    }

    void begin(int length) {
        bytes = length;
        values = 0;
        chars = 0;
        depth = 0;
    }

    /** So many more values, of which each may have no bytes. */
    public void values(long more) {
        long most = (long) AvroLimits.VALUES_A_BYTE * bytes + limits.freeValues();
        values += Math.min(more, Long.MAX_VALUE >> 1);
        if (values > most) {
            throw refusal.apply("it claims " + values + " values, where a record of " + bytes + " bytes may have "
                    + most + " (leat.decode.free-values)");
        }
    }

    /** One level further into a value. */
    public void enter() {
        if (++depth > limits.depth()) {
            throw refusal.apply("a value is nested too deep: " + depth + " levels, where " + limits.depth()
                    + " are allowed (leat.decode.max-depth)");
        }
    }

    /** One level back. */
    public void leave() {
        depth--;
    }

    /** A decimal of so many digits, written out. */
    public void digits(long digits) {
        if (digits > limits.digits()) {
            throw refusal.apply("a decimal has " + digits + " digits, written out, where " + limits.digits()
                    + " are allowed (leat.decode.max-digits)");
        }
        chars(digits);
    }

    /** So many more characters of what the record becomes. */
    public void chars(long more) {
        chars += more;
        if (chars > mostChars()) {
            throw refusal.apply("its JSON is longer than " + mostChars()
                    + " characters, which is the most for a record of " + bytes + " bytes (leat.decode.max-json)");
        }
    }

    private long mostChars() {
        return Math.min(limits.json(), (long) AvroLimits.CHARS_A_BYTE * bytes + AvroLimits.FREE_CHARS);
    }
}
