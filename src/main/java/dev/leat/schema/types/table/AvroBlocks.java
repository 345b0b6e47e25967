package dev.leat.schema.types.table;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.codec.ValueCodec;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The items of arrays and maps: blocks of a count, negative if the block's size in bytes follows; a count of 0 ends them. */
final class AvroBlocks {

    private AvroBlocks() {}

    /** @throws AvroCursor.Malformed also when there are more items than the record's bytes allow */
    static void forEachItem(AvroCursor in, Item item) {
        try {
            for (long count = in.readItems(); count != 0; count = in.readItems()) {
                int end = in.blockEnd();
                for (long i = 0; i < count; i++) {
                    item.next();
                }
                in.requireBlockEnd(end);
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
