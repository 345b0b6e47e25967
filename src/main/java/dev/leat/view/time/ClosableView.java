package dev.leat.view.time;

import dev.leat.postgres.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A view with something that becomes final: windows, unmatched rows of a left join, state that is no longer needed.
 *
 * <p>The protocol with batches: a batch's transaction takes the view's lock ({@link ViewLocks}) before it reads
 * {@code leat.view_close.closed_through}. What ends at that time or before, the batch leaves alone, and saves its events as
 * {@link LateEvents}. Closing takes the same lock exclusively, so that no batch is in progress meanwhile.
 */
public interface ClosableView {

    /** Where nothing was closed before. */
    Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    String name();

    /** Names of the streams whose batches must not change it while it is being closed. */
    List<String> streams();

    /** Names of the streams whose watermarks say how far it can be closed. */
    default List<String> timedBy() {
        return streams();
    }

    /** How long it accepts late events after the streams' lateness: the allowed lateness. */
    Duration grace();

    /**
     * Whether lanes apply batches to it one at a time, so that no two events of a join miss each other. Otherwise they apply
     * side by side.
     */
    default boolean appliesExclusively() {
        return false;
    }

    /**
     * The last moment up to this one at which anything of it ends, as a window does. Closing blocks batches, so it shouldn't be
     * done where nothing ends.
     */
    default Instant lastEnd(Instant through) {
        return through;
    }

    /**
     * Whether it has all that its streams' lanes have applied, so that it may be closed. One that catches up, is paused or
     * is being built has not. Called without the view's lock, and again with it.
     */
    default boolean isUpToDateInTransaction(Tx tx) {
        return true;
    }

    /**
     * Does what closing means for it, in the transaction that moves {@code closed_through}, with the view locked: no batch is
     * being applied. Must not lock checkpoints.
     *
     * @param from what ends here or before was closed already; {@link #NEVER} if nothing was
     * @param through what ends here or before is final now
     */
    void closeInTransaction(Tx tx, Instant from, Instant through);
}
