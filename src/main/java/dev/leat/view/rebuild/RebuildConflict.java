package dev.leat.view.rebuild;

/** What was asked for doesn't fit the state that the view is in; nothing has changed. */
public final class RebuildConflict extends RuntimeException {

    RebuildConflict(String message) {
        super(message);
    }
}
