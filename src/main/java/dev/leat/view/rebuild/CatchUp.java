package dev.leat.view.rebuild;

import dev.leat.pipeline.View;
import dev.leat.schema.types.Rows;
import java.util.List;
import java.util.function.LongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Events that one view is to catch up with on one lane, in one transaction.
 *
 * @param view the generation that gets them
 * @param expected where it must stand now
 * @param version of what was known, when these were read, of the events that count
 * @param next where it will stand then
 * @param rows by stream; those that count
 * @param records the record at an offset; null where it is known by its row only
 */
public record CatchUp(
        View view,
        String topic,
        int partition,
        long expected,
        long version,
        long next,
        List<Rows> rows,
        LongFunction<ConsumerRecord<byte[], byte[]>> records) {

    /** The view refuses an event, or events wait behind one, and the lake doesn't have what a dead letter is made of. */
    public static final class NeedsRecords extends RuntimeException {
        private final long offset;

        NeedsRecords(String view, String topic, int partition, long offset) {
            super("the record " + topic + "-" + partition + "@" + offset + " is needed, because view " + view
                    + " can't hold its event or events behind it wait; the lake has only its row");
            this.offset = offset;
        }

        public long offset() {
            return offset;
        }
    }
}
