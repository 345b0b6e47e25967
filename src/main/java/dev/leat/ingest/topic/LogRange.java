package dev.leat.ingest.topic;

/**
 * What a partition's log holds now.
 *
 * @param beginning offset of the first event that the broker still has
 * @param end offset after the last one
 */
public record LogRange(long beginning, long end) {

    /** The same, so much higher. */
    public LogRange shifted(long by) {
        return new LogRange(beginning + by, end + by);
    }
}
