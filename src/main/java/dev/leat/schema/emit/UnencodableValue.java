package dev.leat.schema.emit;

/** A value that the contract it is to be written with has no place for; it will have none at each try. */
public final class UnencodableValue extends RuntimeException {
    public UnencodableValue(String message) {
        super(message, null, false, false);
    }
}
