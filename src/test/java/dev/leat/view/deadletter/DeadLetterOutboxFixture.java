package dev.leat.view.deadletter;

import dev.leat.postgres.Transacting;

/** The copies of dead letters without Quarkus, as an instance has them. */
public final class DeadLetterOutboxFixture {

    private DeadLetterOutboxFixture() {}

    public static DeadLetterOutbox outbox(Transacting transactions) {
        return new DeadLetterOutbox(transactions);
    }
}
