package dev.leat.ingest.lane;

import dev.leat.ingest.lane.status.LaneStatus;
import dev.leat.ingest.topic.OutsideLog;
import dev.leat.view.lane.KnownTopic;
import dev.leat.view.lane.PgTopics;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Whether the lane's topic is still the one that its checkpoint is of. Offsets alone don't tell: a new topic of the old name
 * may have grown past the checkpoint. Asked at each opening, and while it flows before a batch, each
 * {@code leat.ingest.topic-check}. The lane's thread only.
 */
final class TopicIdentity {

    private static final Logger LOG = Logger.getLogger(TopicIdentity.class);

    private final String topic;
    private final String stream;
    private final ContinuedTopic consumer;
    private final PgTopics topics;
    private final LaneStatus status;
    private final long every; // nanoseconds

    private Optional<UUID> id = Optional.empty(); // of the topic that the lane was opened for
    private long nextCheck; // of System.nanoTime

    /** @param stream one of the topic's, for messages */
    TopicIdentity(
            String topic, String stream, ContinuedTopic consumer, PgTopics topics, LaneStatus status, Duration every) {
        this.topic = topic;
        this.stream = stream;
        this.consumer = consumer;
        this.topics = topics;
        this.status = status;
        this.every = every.toNanos();
    }

    /** Kafka's id of the topic that the lane was opened for; empty where the broker gives none. */
    Optional<UUID> id() {
        return id;
    }

    /** One of the topic's streams. */
    String stream() {
        return stream;
    }

    /**
     * Finds which topic it is, before anything else is asked of the log.
     *
     * @throws dev.leat.ingest.topic.UndecidedTopic another one than the checkpoints are of, and nobody has chosen yet
     */
    void open() throws InterruptedException {
        id = status.await(consumer.topicId(topic));
        KnownTopic known = status.ask(() -> topics.find(topic));
        if (id.isPresent() && known.id() != null && !id.get().equals(known.id())) {
            UUID other = id.get();
            status.run(() -> topics.adoptIfUnread(topic, known, other));
            UUID now = status.ask(() -> topics.find(topic)).id();
            OutsideLog.requireSame(topic, stream, Optional.ofNullable(now), id);
        }
        consumer.begin(known.base());
        nextCheck = System.nanoTime() + every;
    }

    /** The lane's checkpoints are inside of this topic's log: its id is theirs. */
    void confirm() throws InterruptedException {
        if (id.isPresent()) {
            KnownTopic known = status.ask(() -> topics.find(topic));
            if (known.id() == null) {
                status.run(() -> topics.learn(topic, known, id.get()));
            }
        }
    }

    /** The log isn't what it was: the next question isn't put off. */
    void suspect() {
        nextCheck = System.nanoTime();
    }

    /** Asks, if it is time to, and if Kafka answers. True also where nobody knows. */
    boolean isSame() throws InterruptedException {
        if (id.isEmpty() || System.nanoTime() - nextCheck < 0) {
            return true;
        }
        nextCheck = System.nanoTime() + every;
        try {
            Optional<UUID> now = status.await(consumer.topicId(topic));
            return now.isEmpty() || now.equals(id);
        } catch (LaneStatus.Closing e) {
            throw e;
        } catch (RuntimeException e) {
            // What was polled before the topic went, or the broker, is still of the old one.
            LOG.debugf("topic unknown topic=%s error=%s", topic, e.getMessage());
            return true;
        }
    }
}
