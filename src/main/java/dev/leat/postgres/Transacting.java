package dev.leat.postgres;

import java.util.function.Function;

/** Gives transactions, to threads that may wait. */
public interface Transacting {

    /** Commits what the work did, or rolls it back when it throws; when committing fails, it isn't known which. */
    <T> T run(Function<Tx, T> work);
}
