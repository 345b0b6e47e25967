package dev.leat.retry;

/** A retry was closed while the other side was unavailable. The cause is the last failure; nothing else is wrong. */
public final class RetryClosedException extends RuntimeException {

    RetryClosedException(Exception lastFailure) {
        super("closed while unavailable: " + lastFailure.getMessage(), lastFailure);
    }
}
