package dev.leat.view.writer;

import dev.leat.schema.contract.ContractException;

/** A view can't have the columns that its stream's events have. It rests alone; the message says why, and what to do. */
public final class UnfitView extends ContractException {

    private final String view;

    public UnfitView(String view, String message) {
        super(message);
        this.view = view;
    }

    public String view() {
        return view;
    }
}
