package dev.leat.view.redrive;

import dev.leat.pipeline.Pipeline;
import dev.leat.postgres.Transacting;
import dev.leat.schema.Contracts;
import dev.leat.schema.KnownColumns;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.Rows;
import dev.leat.view.deadletter.DeadLetters;
import dev.leat.view.deadletter.ParkedEvents;
import dev.leat.view.deduplication.SeenEvents;
import dev.leat.view.lane.apply.LaneWriters;
import dev.leat.view.redrive.RedriveAttempt.Done;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.StreamTimes;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Redrives dead letters, or evicts them. Each chunk is a transaction of its own that holds the lane's checkpoint: exactly
 * once, in order, whichever instance does it. Between chunks the lane goes on. Blocks.
 */
@ApplicationScoped
public class Redrive {

    private static final int CHUNK = 500;

    private final Transacting transactions;
    private final Pipeline pipeline;
    private final Contracts contracts;
    private final KnownColumns known;
    private final RedriveAttempts attempts;
    private final RedriveConfig config;

    Redrive(
            Transacting transactions,
            Pipeline pipeline,
            Contracts contracts,
            KnownColumns known,
            ViewTables tables,
            LaneWriters writers,
            SeenEvents seen,
            StreamTimes times,
            RedriveConfig config) {
        this.transactions = transactions;
        this.pipeline = pipeline;
        this.contracts = contracts;
        this.known = known;
        this.attempts = new RedriveAttempts(transactions, pipeline, tables, writers, seen, times);
        this.config = config;
    }

    private record Lane(String topic, int partition) {}

    /**
     * Applies what can be applied now, with what waits for it.
     *
     * @param lake takes, in the connection's transaction, rows of letters that no view had seen
     * @throws dev.leat.schema.registry.RegistryOutage when a schema is needed that the registry can't give now; chunks before are
     *     done
     */
    public RedriveOutcome redrive(DeadLetterFilter filter, BiConsumer<SqlConnection, Rows> lake) {
        // Whoever asks for another attempt has reason to think that the registry knows more by now.
        contracts.forgetUnknown();
        return run(filter, true, lake);
    }

    /** Gives the letters up. What waits for them goes on. */
    public RedriveOutcome evict(DeadLetterFilter filter, BiConsumer<SqlConnection, Rows> lake) {
        return run(filter, false, lake);
    }

    private RedriveOutcome run(DeadLetterFilter filter, boolean again, BiConsumer<SqlConnection, Rows> lake) {
        RedriveOutcome outcome = RedriveOutcome.NOTHING;
        for (Map.Entry<Lane, List<Long>> letters : open(filter, again).entrySet()) {
            Lane lane = letters.getKey();
            List<byte[]> orphaned =
                    transactions.run(tx -> ParkedEvents.orphanedKeysInTransaction(tx, lane.topic(), lane.partition()));
            for (List<Long> chunk : chunks(letters.getValue())) {
                outcome = outcome.plus(run(
                        new RedriveTask(
                                lane.topic(),
                                lane.partition(),
                                again ? chunk : List.of(),
                                again ? List.of() : chunk,
                                orphaned),
                        lake));
                orphaned = List.of();
            }
        }
        transactions.run(tx -> {
            DeadLetters.deleteResolvedInTransaction(tx, config.keepResolved());
            return null;
        });
        return outcome;
    }

    private RedriveOutcome run(RedriveTask whole, BiConsumer<SqlConnection, Rows> lake) {
        RedriveOutcome outcome = RedriveOutcome.NOTHING;
        RedriveTask task = whole;
        while (true) {
            Done done = attempts.run(task, () -> decoder(whole.topic()), lake);
            outcome = outcome.plus(done.outcome());
            if (done.rest().isEmpty() || done.outcome().equals(RedriveOutcome.NOTHING)) {
                return outcome;
            }
            task = whole.rest(done.rest());
        }
    }

    /** With the columns that other instances have added: an event that lacks one must not leave an older value there. */
    private TopicDecoder decoder(String topic) {
        pipeline.streamsOf(topic).forEach(stream -> contracts.widen(stream, known.of(stream.name())));
        return contracts.decoder(topic);
    }

    /** By lane, in the order of their offsets. Nothing can take a letter of a topic that has left the pipeline. */
    private Map<Lane, List<Long>> open(DeadLetterFilter filter, boolean again) {
        Map<Lane, List<Long>> byLane = new LinkedHashMap<>();
        transactions.run(tx -> {
            for (Row row : tx.execute(filter.selectOpen(), filter.parameters())) {
                Lane lane = new Lane(row.getString("topic"), row.getInteger("partition"));
                if (!again || pipeline.topics().contains(lane.topic())) {
                    byLane.computeIfAbsent(lane, l -> new ArrayList<>()).add(row.getLong("id"));
                }
            }
            return null;
        });
        return byLane;
    }

    private static List<List<Long>> chunks(List<Long> ids) {
        List<List<Long>> chunks = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += CHUNK) {
            chunks.add(ids.subList(from, Math.min(ids.size(), from + CHUNK)));
        }
        return chunks;
    }
}
