package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.schema.types.Rows;
import dev.leat.view.deadletter.ParkedKeys;
import dev.leat.view.lane.apply.BatchOutcome;
import java.util.List;

/** What a lane applies its batches with, as an instance has it. */
public record LaneParts(BatchApplier applier, PgCheckpoints checkpoints, PgParkedKeys parkedKeys, PastRows pastRows) {

    public long open(String topic, int partition, long startIfNew) {
        return checkpoints.open(topic, partition, startIfNew);
    }

    public long checkpoint(String topic, int partition) {
        return checkpoints.next(topic, partition);
    }

    public ParkedKeys parkedKeys(String topic, int partition) {
        return parkedKeys.of(topic, partition);
    }

    /** Applies a batch that must go through. */
    public BatchOutcome.Applied apply(LaneBatch batch) {
        BatchOutcome outcome = outcome(batch);
        assertThat(outcome).isInstanceOf(BatchOutcome.Applied.class);
        return (BatchOutcome.Applied) outcome;
    }

    public BatchOutcome outcome(LaneBatch batch) {
        return applier.apply(batch);
    }

    public List<Rows> forLake(String topic, int partition, List<Rows> rows) {
        return pastRows.forLake(topic, partition, rows);
    }
}
