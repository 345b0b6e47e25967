package dev.leat.view.time;

import java.util.Collection;

/** Whoever knows views that close: a bean. Asked often, so the answer must cost nothing. */
public interface ClosableViews {

    /** Those that there are now. Any thread. */
    Collection<? extends ClosableView> closableViews();

    /** Before views are closed: whether they are still those that there are. Blocks. */
    default void lookAgain() {}
}
