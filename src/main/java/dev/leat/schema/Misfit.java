package dev.leat.schema;

/** A version's fields can't go into the columns that stand. */
final class Misfit extends ContractException {

    Misfit(String message) {
        super(message);
    }
}
