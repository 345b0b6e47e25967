package dev.leat.schema.contract;

/** A contract can't serve the pipeline as declared, or the registry refuses it; the message says what to change. */
public class ContractException extends RuntimeException {
    public ContractException(String message) {
        super(message);
    }
}
