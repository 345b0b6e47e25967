package dev.leat.schema.contract;

/** A contract can't serve the pipeline as declared, or the registry refuses it; the message says what to change. */
public sealed class ContractException extends RuntimeException permits Misfit {
    public ContractException(String message) {
        super(message);
    }
}
