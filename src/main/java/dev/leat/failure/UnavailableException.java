package dev.leat.failure;

/** Something that is needed can't answer now, and nothing that was asked of it is at fault. The same will work later. */
public class UnavailableException extends RuntimeException {

    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
