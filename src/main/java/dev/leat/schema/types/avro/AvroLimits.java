package dev.leat.schema.types.avro;

/**
 * What one record may cost at most, so that it depends on its bytes and not on what they claim.
 *
 * @param depth levels of arrays, maps, records and unions in one value; at most 1000, which is as deep as JSON is read
 * @param digits decimal digits of one number, written out without an exponent
 * @param freeValues values of a record that need no byte each (nulls, empty records), beyond {@value #VALUES_A_BYTE} for
 *     each of its bytes
 * @param json characters of JSON and of written-out numbers that a record becomes, however long it is; a short one is
 *     held to {@value #CHARS_A_BYTE} for each of its bytes and {@value #FREE_CHARS} more
 */
public record AvroLimits(int depth, int digits, int freeValues, long json) {

    /** No value of use needs as many: even a nullable field has a byte. */
    static final int VALUES_A_BYTE = 8;

    /** Names of fields are repeated in JSON, and a field may have one byte. */
    static final int CHARS_A_BYTE = 256;

    static final int FREE_CHARS = 1 << 16;

    private static final int DEEPEST = 1000;

    /** What counts where nobody says otherwise. */
    public static final AvroLimits DEFAULT = new AvroLimits(500, 16_383, 10_000, 64L << 20);

    public AvroLimits {
        if (depth < 1 || depth > DEEPEST || digits < 1 || freeValues < 0 || json < 1) {
            throw new IllegalArgumentException("leat.decode: expected max-depth from 1 to " + DEEPEST
                    + ", max-digits and max-json of 1 or more, and free-values of 0 or more, but they are " + depth
                    + ", "
                    + digits + ", " + json + " and " + freeValues);
        }
    }

    /** These, where one value may become no more JSON than this. */
    public AvroLimits withJson(long characters) {
        return new AvroLimits(depth, digits, freeValues, characters);
    }
}
