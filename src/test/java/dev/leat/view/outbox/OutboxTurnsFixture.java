package dev.leat.view.outbox;

import dev.leat.postgres.Transacting;

/** Turns at the outbox without Quarkus, as an instance takes them. */
public final class OutboxTurnsFixture {

    private OutboxTurnsFixture() {}

    public static OutboxTurns turns(Transacting transactions) {
        return new OutboxTurns(transactions, new Outbox());
    }

    public static SetAside setAside(Transacting transactions) {
        return new SetAside(transactions, new Outbox());
    }
}
