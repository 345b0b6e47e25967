package dev.leat.ingest.lane.status;

import dev.leat.failure.Unavailable;
import dev.leat.pipeline.Pipeline;
import dev.leat.postgres.PostgresConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Which lanes may apply a batch now. So a table that somebody has locked never takes all of Leat's transactions ({@code
 * leat.view.transactions}), and other topics go on.
 *
 * <p>Where there are several topics, one has three quarters of them at most. Topics whose lanes have waited for a lock in
 * vain share a quarter, until a batch of theirs goes through: several of them may wait for one table. Thread-safe; blocks.
 */
@ApplicationScoped
public class LaneTurns {

    private final Map<String, Semaphore> ofTopics = new ConcurrentHashMap<>();
    private final Set<String> locked = ConcurrentHashMap.newKeySet();
    private final Semaphore ofLocked;
    private final int ofOneTopic;

    @Inject
    LaneTurns(PostgresConfig config, Pipeline pipeline) {
        this(config.transactions(), pipeline.topics().size());
    }

    LaneTurns(int transactions, int topics) {
        this.ofOneTopic = topics > 1 ? Math.max(1, transactions * 3 / 4) : transactions;
        this.ofLocked = new Semaphore(Math.max(1, transactions / 4), true);
    }

    /**
     * Waits for the lane's turn, and does the work in it. What is waited for between two tries of it doesn't belong into the
     * work, for others could use the turn.
     *
     * @throws LaneStatus.Closing closed meanwhile
     */
    public <T> T take(String topic, LaneStatus status, Supplier<T> work) throws InterruptedException {
        Semaphore turns = ofTopics.computeIfAbsent(topic, t -> new Semaphore(ofOneTopic, true));
        acquire(turns, status);
        try {
            // Asked in turn: those who were before may have found out.
            return locked.contains(topic) ? takeOfLocked(topic, status, work) : run(topic, work);
        } finally {
            turns.release();
        }
    }

    private <T> T takeOfLocked(String topic, LaneStatus status, Supplier<T> work) throws InterruptedException {
        acquire(ofLocked, status);
        try {
            return run(topic, work);
        } finally {
            ofLocked.release();
        }
    }

    private <T> T run(String topic, Supplier<T> work) {
        try {
            T result = work.get();
            locked.remove(topic);
            return result;
        } catch (RuntimeException e) {
            if (Unavailable.isTimeout(e)) {
                locked.add(topic);
            }
            throw e;
        }
    }

    private static void acquire(Semaphore turns, LaneStatus status) throws InterruptedException {
        while (!turns.tryAcquire(1, TimeUnit.SECONDS)) {
            status.requireOpen();
            status.waitsFor("waits for its turn: other lanes of its topic are in a transaction, or wait for a lock");
        }
    }
}
