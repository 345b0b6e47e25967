package dev.leat.view.redrive;

import java.util.Collection;
import java.util.List;

/**
 * What to do in one lane.
 *
 * @param redrive ids of letters to try again
 * @param evict ids of letters to give up
 * @param keys further keys of which parked events may go on
 */
record RedriveTask(String topic, int partition, Collection<Long> redrive, Collection<Long> evict, List<byte[]> keys) {

    /** Parked events of these keys only. */
    RedriveTask rest(List<byte[]> keys) {
        return new RedriveTask(topic, partition, List.of(), List.of(), keys);
    }
}
