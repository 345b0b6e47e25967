package dev.leat.ingest.rebuild;

/** A rebuild can't be begun or finished, and a retry won't help. */
final class CannotRebuild extends RuntimeException {

    CannotRebuild(String message) {
        super(message);
    }
}
