package dev.leat.ingest.rebuild;

/** A rebuild can't be begun, or can't go on, and trying again won't help. */
final class CannotRebuild extends RuntimeException {

    CannotRebuild(String message) {
        super(message);
    }
}
