package dev.leat.view.lane;

/** Rolls the batch's transaction back. {@link BatchApplier} catches it around the transaction and answers the outcome. */
final class BatchRolledBack extends RuntimeException {

    private final transient BatchOutcome.RolledBack outcome;

    BatchRolledBack(BatchOutcome.RolledBack outcome) {
        super("the batch is rolled back", null, false, false);
        this.outcome = outcome;
    }

    BatchOutcome.RolledBack outcome() {
        return outcome;
    }
}
