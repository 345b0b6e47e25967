package dev.leat.view;

/** Postgres refused a batch while it was applied to this view. The batch was rolled back. */
public final class ViewRefusal extends RuntimeException {

    private final String view;

    ViewRefusal(String view, Throwable cause) {
        super(cause.getMessage(), cause);
        this.view = view;
    }

    public String view() {
        return view;
    }
}
