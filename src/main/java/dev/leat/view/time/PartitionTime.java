package dev.leat.view.time;

import java.time.Duration;
import java.time.Instant;

/**
 * How far one partition of a stream has come, by the clock that all instances share.
 *
 * @param newest event time of the newest event that was applied; null before the first
 * @param arrived when the last one was applied, or when the lane was first opened; null if it never was since the stream's
 *     time is kept
 * @param complete a time at which all that the log held had been applied; null if the lane's owner hasn't said any
 */
record PartitionTime(Instant newest, Instant arrived, Instant complete) {

    /**
     * Whether it had nothing for that long, by the word of a lane that still lives: one that is gone says nothing more, and
     * its partition holds the watermark back until the next owner knows better.
     */
    boolean isIdle(Duration idleAfter, Instant now) {
        return arrived != null
                && complete != null
                && !complete.isBefore(arrived.plus(idleAfter))
                && complete.isAfter(now.minus(idleAfter));
    }
}
