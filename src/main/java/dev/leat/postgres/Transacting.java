package dev.leat.postgres;

import java.util.function.Function;

/** Runs work in transactions, for threads that may block. */
public interface Transacting {

    /** Commits what the work did, or rolls it back when it throws. When the commit itself fails, either may have happened. */
    <T> T run(Function<Tx, T> work);
}
