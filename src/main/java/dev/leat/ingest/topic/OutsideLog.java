package dev.leat.ingest.topic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;

/**
 * Checkpoints outside of what the log holds: going on would lose events silently. Says what happened and which request lets
 * the lane go on.
 *
 * @param stream one of the topic's
 * @param log as positions
 */
public record OutsideLog(TopicPartition partition, String stream, LogRange log, List<Checkpoint> checkpoints) {

    /** @param of who goes on there */
    public record Checkpoint(String of, long nextOffset) {

        public static Checkpoint ofViews(long nextOffset) {
            return new Checkpoint("the views", nextOffset);
        }

        public static Checkpoint ofLake(String stream, long nextOffset) {
            return new Checkpoint("the lake of stream " + stream, nextOffset);
        }

        private boolean isIn(LogRange log) {
            return nextOffset >= log.beginning() && nextOffset <= log.end();
        }
    }

    /**
     * @param known the id of the topic that the checkpoints are of; empty while it isn't known
     * @param now the id of the topic that Kafka has; empty where it gives none
     * @throws UndecidedTopic they are two
     */
    public static void requireSame(String topic, String stream, Optional<UUID> known, Optional<UUID> now) {
        if (known.isPresent() && now.isPresent() && !known.equals(now)) {
            throw new UndecidedTopic("topic " + topic + " was deleted and made again: its id is " + now.get()
                    + ", and the checkpoints are of " + known.get() + ". Nothing is applied until somebody chooses: "
                    + newTopic(stream));
        }
    }

    /** @throws UndecidedTopic one of the checkpoints is outside */
    public static void requireInside(
            TopicPartition partition, String stream, LogRange log, List<Checkpoint> checkpoints) {
        find(partition, stream, log, checkpoints).ifPresent(outside -> {
            throw new UndecidedTopic(outside.message());
        });
    }

    /** Those of the checkpoints that are outside; empty when none is. */
    static Optional<OutsideLog> find(
            TopicPartition partition, String stream, LogRange log, List<Checkpoint> checkpoints) {
        List<Checkpoint> outside =
                checkpoints.stream().filter(c -> !c.isIn(log)).toList();
        return outside.isEmpty() ? Optional.empty() : Optional.of(new OutsideLog(partition, stream, log, outside));
    }

    String message() {
        List<String> problems = new ArrayList<>();
        for (Checkpoint checkpoint : checkpoints) {
            problems.add(checkpoint.of() + " is " + checkpoint.nextOffset() + " (" + why(checkpoint) + ")");
        }
        return "the log of " + partition + " goes from " + log.beginning() + " to " + log.end()
                + ", but the checkpoint of " + String.join(" and that of ", problems)
                + ". Nothing is applied until somebody chooses: "
                + (checkpoints.stream().anyMatch(this::isAhead) ? newTopic(stream) : gap(stream));
    }

    private boolean isAhead(Checkpoint checkpoint) {
        return checkpoint.nextOffset() > log.end();
    }

    private String why(Checkpoint checkpoint) {
        return isAhead(checkpoint)
                ? "the topic was recreated, or its broker has lost events"
                : "retention has removed events that were never applied";
    }

    private static String request(String stream, String choice) {
        return "POST /api/streams/" + stream + "/topic?choose=" + choice;
    }

    private static String gap(String stream) {
        return request(stream, "continue") + " goes on with what the log has, and "
                + request(stream, "continue&from=end") + " with new events only";
    }

    private static String newTopic(String stream) {
        return request(stream, "continue") + " applies what the topic has now after all that came before, "
                + request(stream, "continue&from=end") + " new events only, and " + request(stream, "rebuild")
                + " begins the views anew with it";
    }
}
