package dev.leat.view.lane.apply;

/** Rolls the batch's transaction back. Whoever began that catches it there, and answers the outcome. */
public final class BatchRolledBack extends RuntimeException {

    private final transient BatchOutcome.RolledBack outcome;

    public BatchRolledBack(BatchOutcome.RolledBack outcome) {
        super("the batch is rolled back", null, false, false);
        this.outcome = outcome;
    }

    public BatchOutcome.RolledBack outcome() {
        return outcome;
    }
}
