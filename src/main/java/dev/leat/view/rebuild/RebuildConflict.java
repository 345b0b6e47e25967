package dev.leat.view.rebuild;

/** A request doesn't fit the view's state; nothing has changed. */
public final class RebuildConflict extends RuntimeException {

    RebuildConflict(String message) {
        super(message);
    }
}
