package dev.leat.view.outbox;

import dev.leat.schema.emit.EmittedContractsFixture;

/** Emitters without a registry server. */
public final class EmittersFixture {

    private EmittersFixture() {}

    public static Emitters inMemory() {
        return new Emitters(EmittedContractsFixture.inMemory(), new Outbox());
    }
}
