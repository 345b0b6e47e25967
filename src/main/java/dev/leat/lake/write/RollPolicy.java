package dev.leat.lake.write;

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
public record RollPolicy(Stream.Lake declared, int openFiles, long buffer) {

    /** The golden ratio: the fractional parts of its multiples are spread evenly, however many there are. */
    private static final double GOLDEN = 0.618033988749895;

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

    /**
     * How long the range may stay open; zero or less if it is due. Partitions are due by turns, spread over the longest age
     * of a range. If all closed their files at once, every view would wait for that.
     */
    Duration untilDue(LakeRange range, Instant now) {
        long every = declared.every().toMillis();
        long turn = (long) (every * (range.partition() * GOLDEN % 1));
        long since = range.since().toEpochMilli();
        long due = every == 0 ? since : since + every - Math.floorMod(since - turn, every);
        return Duration.ofMillis(due - now.toEpochMilli());
    }
}
