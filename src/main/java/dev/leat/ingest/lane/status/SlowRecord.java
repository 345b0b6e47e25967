package dev.leat.ingest.lane.status;

import dev.leat.view.lane.LaneBatch;
import dev.leat.view.lane.apply.ViewFault;
import dev.leat.view.lane.apply.ViewUnavailable;
import java.time.Duration;

/**
 * Tells a record that a view takes too long for from an outage. It is one when it comes alone, is applied view by view, the
 * same view runs into a time-out several times in a row, no lock is waited for, and Postgres answers others at once.
 *
 * <p>Of one batch. The lane's thread only.
 */
public final class SlowRecord {

    /** What isn't answered within that, a look at one row, says that Postgres has too much to do. */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private final LaneBatch batch;
    private final int tries;
    private boolean isSuspected;
    private String view; // that ran into the last time-out; null: none
    private int timeouts;

    /** @param tries after so many time-outs in a row it is the view's fault */
    public SlowRecord(LaneBatch batch, int tries) {
        this.batch = batch;
        this.tries = tries;
    }

    /** Whether something has taken too long. Then views are applied to one by one, which names the slow one. */
    public boolean isSuspected() {
        return isSuspected;
    }

    /** Whether the batch would be too slow at each attempt, and has several records. */
    public boolean isCuttable(RuntimeException failure) {
        return FailureVerdict.isTooSlow(failure) && batch.records().size() > 1;
    }

    /**
     * Counts a failed attempt.
     *
     * @param waited whether it has waited for a lock
     * @param answer how long Postgres took for a short question after it
     * @throws ViewFault it is the view's
     */
    public void count(RuntimeException failure, boolean waited, Duration answer) {
        isSuspected = isSuspected || FailureVerdict.isTooSlow(failure);
        if (!(failure instanceof ViewUnavailable slow)
                || !FailureVerdict.isTooSlow(failure)
                || waited
                || answer.compareTo(AT_ONCE) > 0) {
            timeouts = 0;
            return;
        }
        timeouts = slow.view().equals(view) ? timeouts + 1 : 1;
        view = slow.view();
        if (timeouts >= tries && batch.records().size() == 1) {
            throw ViewFault.ofTooSlow(
                    slow, batch.topic(), batch.partition(), batch.records().offset(0), tries);
        }
    }
}
