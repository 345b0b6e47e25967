package dev.leat.view.time;

import java.util.Collection;

/** A bean that knows closable views. Asked with every batch, so the answer must be cheap. */
public interface ClosableViews {

    /** The views that exist now. Any thread. */
    Collection<? extends ClosableView> closableViews();

    /** Called before views are closed, to look whether other instances have changed them. Blocks. */
    default void refresh() {}
}
