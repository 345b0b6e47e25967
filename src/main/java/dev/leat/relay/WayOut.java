package dev.leat.relay;

import dev.leat.view.outbox.Waiting;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** A table whose rows are to become records of Kafka. The relay's thread only. */
interface WayOut {

    /**
     * Sends what is next there.
     *
     * @param exceptTopics rows for these aren't looked at
     * @param send to be called in the transaction that takes the rows and notes what has become of them
     */
    Turn take(Collection<String> exceptTopics, Function<List<Outgoing>, SendOutcome> send);

    Waiting waiting();

    /** The outcome of a turn. */
    enum Turn {
        /** There was something; there may be more. */
        WORKED,
        /** Nothing waits, or only for topics that were left out. */
        EMPTY,
        /** Another instance has the turn. */
        BUSY
    }
}
