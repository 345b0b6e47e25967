package dev.leat.view.writer;

import dev.leat.failure.OfData;

/** A row can never be applied to a view, and it isn't Postgres that says so. */
public final class RowRefused extends RuntimeException implements OfData {

    /** @param message why, for whoever looks at the dead letter */
    public RowRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
