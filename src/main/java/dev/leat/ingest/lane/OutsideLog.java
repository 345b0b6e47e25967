package dev.leat.ingest.lane;

import dev.leat.schema.contract.ContractException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Checkpoints outside of what the log holds: going on would lose events silently. Says what happened and, in SQL, how to go
 * on all the same.
 */
record OutsideLog(TopicPartition partition, LogRange log, List<Checkpoint> checkpoints) {

    /**
     * @param of who goes on there
     * @param table that remembers it
     * @param where finds it there, together with topic and partition; may be empty
     */
    record Checkpoint(String of, String table, String where, long nextOffset) {

        static Checkpoint ofViews(long nextOffset) {
            return new Checkpoint("the views", "leat.checkpoint", "", nextOffset);
        }

        static Checkpoint ofLake(String stream, long nextOffset) {
            return new Checkpoint(
                    "the lake of stream " + stream,
                    "leat.lake_checkpoint",
                    "stream = '" + stream + "' AND ",
                    nextOffset);
        }

        private boolean isIn(LogRange log) {
            return nextOffset >= log.beginning() && nextOffset <= log.end();
        }
    }

    /** @throws ContractException one of the checkpoints is outside */
    static void requireInside(TopicPartition partition, LogRange log, List<Checkpoint> checkpoints) {
        find(partition, log, checkpoints).ifPresent(outside -> {
            throw new ContractException(outside.message());
        });
    }

    /** Those of the checkpoints that are outside; empty when none is. */
    static Optional<OutsideLog> find(TopicPartition partition, LogRange log, List<Checkpoint> checkpoints) {
        List<Checkpoint> outside =
                checkpoints.stream().filter(c -> !c.isIn(log)).toList();
        return outside.isEmpty() ? Optional.empty() : Optional.of(new OutsideLog(partition, log, outside));
    }

    String message() {
        List<String> problems = new ArrayList<>();
        List<String> ways = new ArrayList<>();
        for (Checkpoint checkpoint : checkpoints) {
            problems.add(checkpoint.of() + " is " + checkpoint.nextOffset() + " (" + why(checkpoint) + ")");
            ways.add("UPDATE " + checkpoint.table() + " SET next_offset = " + log.beginning() + " WHERE "
                    + checkpoint.where() + "topic = '" + partition.topic() + "' AND partition = "
                    + partition.partition() + ";");
        }
        return "the log of " + partition + " goes from " + log.beginning() + " to " + log.end()
                + ", but the checkpoint of " + String.join(" and that of ", problems)
                + ". To go on with what the log has, run this and resume the lane: " + String.join(" ", ways)
                + " To go on with new events only, put " + log.end() + " there.";
    }

    private String why(Checkpoint checkpoint) {
        return checkpoint.nextOffset() < log.beginning()
                ? "retention has removed events that were never applied"
                : "the topic was recreated";
    }
}
