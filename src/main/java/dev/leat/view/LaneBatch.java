package dev.leat.view;

import dev.leat.schema.Rejected;
import dev.leat.schema.Rows;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What one transaction takes in.
 *
 * @param expected where the lane's checkpoint must stand now
 * @param next where it will stand then: the offset behind the last record
 * @param rows the decoded events, by stream
 * @param dead the records that can't be applied, with their verdicts
 */
public record LaneBatch(String topic, int partition, long expected, long next, List<Rows> rows, List<Dead> dead) {

    /**
     * @param view the view that refused the record; null when no view saw it
     */
    public record Dead(ConsumerRecord<byte[], byte[]> record, Rejected verdict, String view) {}
}
