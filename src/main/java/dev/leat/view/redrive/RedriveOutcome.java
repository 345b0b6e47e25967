package dev.leat.view.redrive;

/**
 * What a redrive or an eviction has done, in numbers of dead letters or parked events. The API answers with it.
 *
 * @param redriven dead letters that are applied now
 * @param rejected dead letters that couldn't be applied again
 * @param blocked dead letters that are blocked by an earlier one of their key
 * @param evicted dead letters that were given up
 * @param released parked events that are applied now
 * @param duplicates dead letters whose event had been applied already
 */
public record RedriveOutcome(int redriven, int rejected, int blocked, int evicted, int released, int duplicates) {

    public static final RedriveOutcome NOTHING = new RedriveOutcome(0, 0, 0, 0, 0, 0);

    RedriveOutcome plus(RedriveOutcome other) {
        return new RedriveOutcome(
                redriven + other.redriven,
                rejected + other.rejected,
                blocked + other.blocked,
                evicted + other.evicted,
                released + other.released,
                duplicates + other.duplicates);
    }
}
