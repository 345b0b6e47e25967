package dev.leat.lake.manifest;

/**
 * Which events of a stream and partition the lake has.
 *
 * @param begin offset of the first event that it was given or may have been given
 * @param end offset after the last one that counts; equal to {@code begin} where it has none
 */
public record LakeReach(long begin, long end) {

    public static final LakeReach NONE = new LakeReach(0, 0);

    public boolean isEmpty() {
        return begin >= end;
    }
}
