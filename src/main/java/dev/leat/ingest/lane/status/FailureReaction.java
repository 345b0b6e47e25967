package dev.leat.ingest.lane.status;

import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * What a lane does after a failure, by the {@link FailureVerdict} on it: waits, stops, rests, or lets a view rest. When it
 * returns, the lane is to open again. The lane's thread only.
 */
public final class FailureReaction {

    private static final Logger LOG = Logger.getLogger(FailureReaction.class);

    private final TopicPartition partition;
    private final LaneStatus status;
    private final ViewsAtFault views;
    private final Duration lookAgain;

    /** @param lookAgain after which a lane whose topic is undecided asks again */
    public FailureReaction(TopicPartition partition, LaneStatus status, ViewsAtFault views, Duration lookAgain) {
        this.partition = partition;
        this.status = status;
        this.views = views;
        this.lookAgain = lookAgain;
    }

    /**
     * After what was thrown.
     *
     * @throws LaneStatus.Closing closed meanwhile
     */
    public void recover(Throwable failure) throws InterruptedException {
        FailureVerdict verdict = FailureVerdict.of(failure);
        if (verdict instanceof FailureVerdict.Outage && failure instanceof RuntimeException outage) {
            status.backOff(outage);
        } else {
            react(verdict);
        }
    }

    /**
     * After what was decided already.
     *
     * @throws LaneStatus.Closing closed meanwhile
     */
    public void react(FailureVerdict verdict) throws InterruptedException {
        switch (verdict) {
            case FailureVerdict.Undecided undecided -> status.undecided(undecided.message(), lookAgain);
            case FailureVerdict.Stop stop -> status.stop(stop.message());
            case FailureVerdict.Defect defect -> status.defect(defect.cause());
            case FailureVerdict.RestView fault -> {
                switch (views.rest(fault)) {
                    case RESTS -> {}
                    case TRY_AGAIN -> status.pause();
                    case CANNOT_REST -> status.defect(fault.failure());
                }
            }
            case FailureVerdict.Superseded superseded -> {
                LOG.infof(
                        "lane reopens topic=%s partition=%d: %s",
                        partition.topic(), partition.partition(), superseded.message());
                status.pause();
            }
            case FailureVerdict.Outage outage -> status.pause();
        }
    }
}
