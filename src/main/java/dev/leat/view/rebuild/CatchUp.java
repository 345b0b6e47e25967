package dev.leat.view.rebuild;

import dev.leat.pipeline.View;
import dev.leat.schema.types.Rows;
import java.util.List;
import java.util.function.LongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A batch of past events for one view on one lane, for one transaction.
 *
 * @param view the generation that gets them
 * @param expected the position that it must have now
 * @param version of the events that count, when these were read
 * @param next its position then
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
        LongFunction<ConsumerRecord<byte[], byte[]>> records) {}
