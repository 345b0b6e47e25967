package dev.leat.schema.emit;

/** An event's row isn't one of the class that it was to become. */
public final class Unreadable extends RuntimeException {
    Unreadable(String message) {
        super(message);
    }
}
