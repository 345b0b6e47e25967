package dev.leat.view.rebuild;

/** Rolls the transaction back. {@link Rebuilds} catches it around the transaction and answers the outcome. */
final class CatchUpRolledBack extends RuntimeException {

    private final transient CatchUpOutcome.RolledBack outcome;

    CatchUpRolledBack(CatchUpOutcome.RolledBack outcome) {
        super("the catch-up is rolled back", null, false, false);
        this.outcome = outcome;
    }

    CatchUpOutcome.RolledBack outcome() {
        return outcome;
    }
}
