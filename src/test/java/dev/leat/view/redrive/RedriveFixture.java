package dev.leat.view.redrive;

import dev.leat.pipeline.Pipeline;
import dev.leat.postgres.Transacting;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.view.deduplication.SeenEvents;
import dev.leat.view.lane.apply.LaneWriters;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.StreamTimes;
import java.util.List;
import java.util.function.Supplier;

/** Redrives of one instance, without Quarkus and without contracts from a registry. */
public final class RedriveFixture {

    private final RedriveAttempts attempts;

    public RedriveFixture(
            Transacting transactions,
            Pipeline pipeline,
            ViewTables tables,
            LaneWriters writers,
            SeenEvents seen,
            StreamTimes times) {
        attempts = new RedriveAttempts(transactions, pipeline, tables, writers, seen, times);
    }

    public RedriveOutcome redrive(
            Supplier<TopicDecoder> decoder, String topic, int partition, List<Long> letters, List<Long> evicted) {
        return attempts.run(
                        new RedriveTask(topic, partition, letters, evicted, List.of()),
                        decoder,
                        (connection, rows) -> {})
                .outcome();
    }
}
