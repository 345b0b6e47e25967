package dev.leat.schema.types.avro;

import org.apache.avro.Schema;

/** Skips values that no column takes. */
public final class AvroSkip {

    /** Items may have no bytes, so their number isn't bounded by the record's length. */
    private static final int MOST_EMPTY_ITEMS = 1_000_000;

    private AvroSkip() {}

    public static void skip(AvroCursor in, Schema schema) {
        switch (schema.getType()) {
            case NULL -> {}
            case BOOLEAN -> in.skip(1);
            case INT, LONG, ENUM -> in.readLong();
            case FLOAT -> in.skip(Float.BYTES);
            case DOUBLE -> in.skip(Double.BYTES);
            case STRING, BYTES -> in.skip(in.readLength());
            case FIXED -> in.skip(schema.getFixedSize());
            case RECORD -> schema.getFields().forEach(field -> skip(in, field.schema()));
            case UNION -> skip(in, in.readBranch(schema));
            case ARRAY -> skipItems(in, () -> skip(in, schema.getElementType()));
            case MAP ->
                skipItems(in, () -> {
                    in.skip(in.readLength());
                    skip(in, schema.getValueType());
                });
        }
    }

    /** Blocks of items: a count, negative if the block's size in bytes follows; a count of 0 ends them. */
    private static void skipItems(AvroCursor in, Runnable item) {
        for (long count = in.readLong(); count != 0; count = in.readLong()) {
            if (count < 0) {
                in.skip(in.readLength());
                continue;
            }
            if (count > in.remaining() && count > MOST_EMPTY_ITEMS) {
                throw new AvroCursor.Malformed("a block claims " + count + " items");
            }
            for (long i = 0; i < count; i++) {
                item.run();
            }
        }
    }
}
