package dev.leat.schema.types.table;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.codec.ValueCodec;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The items of arrays and maps: blocks of a count, negative if the block's size in bytes follows; a count of 0 ends them. */
final class AvroBlocks {

    /** Items may have no bytes, so their number isn't bounded by the record's length. */
    private static final int MOST_EMPTY_ITEMS = 1_000_000;

    private AvroBlocks() {}

    static void forEachItem(AvroCursor in, Item item) {
        try {
            for (long count = in.readLong(); count != 0; count = in.readLong()) {
                if (count < 0) {
                    count = -count;
                    in.readLong();
                }
                for (long i = 0; i < count; i++) {
                    if (in.remaining() == 0 && count > MOST_EMPTY_ITEMS) {
                        throw new AvroCursor.Malformed("a block claims " + count + " items");
                    }
                    item.next();
                }
            }
        } catch (StreamConstraintsException e) {
            throw ValueCodec.tooDeep(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    interface Item {
        void next() throws IOException;
    }
}
