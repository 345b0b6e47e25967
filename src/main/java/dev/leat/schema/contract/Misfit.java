package dev.leat.schema.contract;

/** A version's fields don't fit the existing columns. */
public final class Misfit extends ContractException {

    public Misfit(String message) {
        super(message);
    }
}
