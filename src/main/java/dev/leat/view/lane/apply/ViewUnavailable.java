package dev.leat.view.lane.apply;

import dev.leat.failure.UnavailableException;

/** Postgres couldn't apply rows to a view, and the rows aren't the reason: they may be tried again. */
public final class ViewUnavailable extends UnavailableException {

    private final String view;

    ViewUnavailable(String view, RuntimeException cause) {
        super("view " + view + ": " + cause.getMessage(), cause);
        this.view = view;
    }

    /** Its name, or its generation's. */
    public String view() {
        return view;
    }
}
