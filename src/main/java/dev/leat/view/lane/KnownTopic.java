package dev.leat.view.lane;

import java.util.UUID;

/**
 * Which topic of its name the checkpoints are of.
 *
 * @param id Kafka's; null while it was never told, or where Kafka gives none
 * @param incarnation how many topics of that name have been read, this one included
 * @param base what is added to Kafka's offsets in this one, so that positions go on after those of the one before
 */
public record KnownTopic(UUID id, int incarnation, long base) {

    /** Of a name under which nothing was read yet. */
    public static final KnownTopic NEW = new KnownTopic(null, 1, 0);

    /** Bases are whole millions, so that Kafka's offsets can be read in positions. */
    private static final long STEP = 1_000_000;

    /**
     * The topic that comes after this one.
     *
     * @param highest position that this one may have reached, of whoever
     */
    public KnownTopic followedBy(UUID next, long highest) {
        return new KnownTopic(next, incarnation + 1, (Math.max(highest, base) / STEP + 1) * STEP);
    }
}
