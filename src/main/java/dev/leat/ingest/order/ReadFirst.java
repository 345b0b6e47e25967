package dev.leat.ingest.order;

import dev.leat.ingest.lane.status.LaneStatus;
import dev.leat.view.lane.PgReadFirst;
import dev.leat.view.lane.PgReadFirst.Lagging;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Lets a lane wait, when its topic is read for the first time, until the topics that the pipeline names in {@code after:}
 * have been read up to where they ended then. A topic that is empty, or isn't there, is waited for by nobody. The lane's
 * thread only.
 */
public final class ReadFirst {

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Logger LOG = Logger.getLogger(ReadFirst.class);

    private final TopicPartition partition;
    private final List<String> firsts;
    private final Function<String, CompletableFuture<Map<Integer, Long>>> ends;
    private final PgReadFirst reading;
    private final LaneStatus status;

    /**
     * @param firsts topics that are read before the lane's
     * @param ends offset at which each partition of a topic ends now; none for one that isn't there
     */
    public ReadFirst(
            TopicPartition partition,
            List<String> firsts,
            Function<String, CompletableFuture<Map<Integer, Long>>> ends,
            PgReadFirst reading,
            LaneStatus status) {
        this.partition = partition;
        this.firsts = firsts;
        this.ends = ends;
        this.reading = reading;
        this.status = status;
    }

    /** Returns when there is nothing to wait for. */
    public void await() throws InterruptedException {
        if (firsts.isEmpty()) {
            return;
        }
        for (String first : firsts) {
            if (!status.ask(() -> reading.isDecided(partition.topic(), first))) {
                Map<Integer, Long> now = status.await(ends.apply(first));
                if (now.isEmpty()) {
                    LOG.warnf(
                            "lane waits for nothing topic=%s partition=%d: topic %s, which is to be read first, isn't there",
                            partition.topic(), partition.partition(), first);
                }
                status.run(() -> reading.decide(partition.topic(), first, now));
            }
        }
        boolean waited = false;
        for (List<Lagging> lagging = lagging(); !lagging.isEmpty(); lagging = lagging()) {
            String reason = "reads after " + lagging.getFirst()
                    + (lagging.size() > 1 ? ", and " + (lagging.size() - 1) + " more" : "");
            if (!waited) {
                LOG.infof("lane waits topic=%s partition=%d: %s", partition.topic(), partition.partition(), reason);
                waited = true;
            }
            status.waitsFor(reason);
            status.await(
                    new CompletableFuture<>().completeOnTimeout(null, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    private List<Lagging> lagging() throws InterruptedException {
        return status.ask(() -> reading.lagging(partition.topic(), firsts));
    }
}
