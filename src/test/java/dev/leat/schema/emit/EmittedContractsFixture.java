package dev.leat.schema.emit;

import dev.leat.schema.registry.FakeRegistry;

/** Contracts of what views emit, in a registry in memory. */
public final class EmittedContractsFixture {

    private EmittedContractsFixture() {}

    public static EmittedContracts inMemory() {
        return new EmittedContracts(new FakeRegistry());
    }
}
