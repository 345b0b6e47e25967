package dev.leat.view.lane.apply;

import dev.leat.failure.Unavailable;

/**
 * A view can't be applied to, and neither an outage nor the rows are the reason: its statement is refused as such, or it has
 * refused one record after the other for another reason than their values.
 */
public final class ViewFault extends RuntimeException {

    private final String view;

    ViewFault(String view, Throwable cause) {
        super("view " + view + " can't be applied to: " + Unavailable.message(cause), cause);
        this.view = view;
    }

    /** Its name, or its generation's. */
    public String view() {
        return view;
    }
}
