package dev.leat.view.lane.apply;

import dev.leat.failure.Unavailable;

/**
 * A view can't be applied to, and neither an outage nor the rows are the reason: its statement is refused as such, it has
 * refused one record after the other for another reason than their values, or it takes too long for one alone.
 */
public final class ViewFault extends RuntimeException {

    private final String view;

    ViewFault(String view, Throwable cause) {
        super("view " + view + " can't be applied to: " + Unavailable.message(cause), cause);
        this.view = view;
    }

    private ViewFault(String view, String message, Throwable cause) {
        super(message, cause);
        this.view = view;
    }

    /** One record takes the view longer than a statement may take, each time. */
    public static ViewFault ofTooSlow(ViewUnavailable failure, String topic, int partition, long offset, int tries) {
        return new ViewFault(
                failure.view(),
                "view " + failure.view() + " takes too long to apply one record, " + topic + "-" + partition
                        + " offset " + offset + ", " + tries + " times in a row: "
                        + Unavailable.message(failure.getCause())
                        + "; make its statement faster (an index, a smaller value), or give it more time"
                        + " (leat.view.timeout and statement_timeout)",
                failure);
    }

    /** Its name, or its generation's. */
    public String view() {
        return view;
    }
}
