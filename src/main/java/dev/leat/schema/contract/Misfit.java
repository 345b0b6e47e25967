package dev.leat.schema.contract;

/** A version's fields can't go into the columns that stand. */
public final class Misfit extends ContractException {

    public Misfit(String message) {
        super(message);
    }
}
