package dev.leat.lake;

import dev.leat.pipeline.Stream;
import java.time.Duration;
import java.time.Instant;

/**
 * When a range is closed.
 *
 * @param declared what the stream's {@code lake.roll} says
 * @param openFiles bound of {@code leat.lake.open-files}
 * @param buffer bound of {@code leat.lake.buffer}, in bytes
 */
record RollPolicy(Stream.Lake declared, int openFiles, long buffer) {

    boolean isFull(long rows) {
        return rows >= declared.rows();
    }

    boolean isTooLarge(LakeRange range) {
        return range.size() >= declared.bytes() || range.buffered() >= buffer;
    }

    /** Whether the range would have to keep more files open than it may, to hold a row of this day. */
    boolean hasNoRoom(LakeRange range, long day) {
        return range.openFiles() >= openFiles && !range.has(day);
    }

    /** How long the range may stay open; zero or less if it is due. */
    Duration untilDue(LakeRange range, Instant now) {
        return Duration.between(now, range.since().plus(declared.every()));
    }
}
