package dev.leat.view.time;

import java.time.Duration;
import java.time.Instant;

/**
 * The event time of one partition of a stream, and when it was last active by the clock that all instances share.
 *
 * @param partition of the stream's topic
 * @param newest event time of the newest event that was applied; null before the first
 * @param arrived when the last one was applied, or when the lane was first opened; null if it never was since the stream's
 *     time is kept
 * @param complete a time at which all that the log held had been applied; null before the lane's owner has reported one
 */
record PartitionTime(int partition, Instant newest, Instant arrived, Instant complete) {

    /**
     * Whether a live lane says that it has had no event for that long. A lane that is gone says nothing; then its partition
     * holds the watermark back until the next owner reports.
     */
    boolean isIdle(Duration idleAfter, Instant now) {
        return arrived != null
                && complete != null
                && !complete.isBefore(arrived.plus(idleAfter))
                && complete.isAfter(now.minus(idleAfter));
    }
}
