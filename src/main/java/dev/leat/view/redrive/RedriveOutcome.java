package dev.leat.view.redrive;

/**
 * What another attempt at dead letters has come to, in numbers of letters or events.
 *
 * @param redriven letters that are applied now
 * @param dead letters that couldn't be applied again
 * @param waiting letters that wait for an earlier one of their key
 * @param evicted letters that were given up
 * @param released parked events that are applied now
 * @param duplicates letters that turned out to be duplicates of events that were applied
 */
public record RedriveOutcome(int redriven, int dead, int waiting, int evicted, int released, int duplicates) {

    public static final RedriveOutcome NOTHING = new RedriveOutcome(0, 0, 0, 0, 0, 0);

    RedriveOutcome plus(RedriveOutcome other) {
        return new RedriveOutcome(
                redriven + other.redriven,
                dead + other.dead,
                waiting + other.waiting,
                evicted + other.evicted,
                released + other.released,
                duplicates + other.duplicates);
    }
}
