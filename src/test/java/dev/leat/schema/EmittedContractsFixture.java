package dev.leat.schema;

/** Contracts of what views emit, in a registry in memory. */
public final class EmittedContractsFixture {

    private EmittedContractsFixture() {}

    public static EmittedContracts inMemory() {
        return new EmittedContracts(new FakeRegistry());
    }
}
