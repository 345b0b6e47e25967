package dev.leat.view.redrive;

import dev.leat.pipeline.Pipeline;
import dev.leat.postgres.Transacting;
import dev.leat.schema.Contracts;
import dev.leat.schema.KnownColumns;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.Rows;
import dev.leat.view.deduplication.SeenEvents;
import dev.leat.view.lane.LaneWriters;
import dev.leat.view.redrive.RedriveTransaction.Result;
import dev.leat.view.redrive.RedriveTransaction.Task;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.StreamTimes;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Tries dead letters again, or gives them up. Each chunk is a transaction of its own that holds the lane's checkpoint:
 * exactly once, in order, whichever instance does it, while the lane goes on before and after. Blocks.
 */
@ApplicationScoped
public class Redrive {

    private static final int CHUNK = 500;
    private static final String FORGET = """
            DELETE FROM leat.dead_letter WHERE resolved_at < now() - $1::bigint * interval '1 ms'""";

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
     * Applies what can be applied now, with what waits behind it.
     *
     * @param lake takes, in the connection's transaction, rows of letters that no view had seen
     * @throws dev.leat.schema.registry.RegistryOutage when a schema is needed that the registry can't give now; chunks before are
     *     done
     */
    public RedriveOutcome redrive(DeadLetterFilter filter, BiConsumer<SqlConnection, Rows> lake) {
        // Whoever asks for another try has reason to think that the registry knows more by now.
        contracts.forgetUnknown();
        return run(filter, true, lake);
    }

    /** Gives the letters up; what waits behind them goes on. */
    public RedriveOutcome evict(DeadLetterFilter filter, BiConsumer<SqlConnection, Rows> lake) {
        return run(filter, false, lake);
    }

    private RedriveOutcome run(DeadLetterFilter filter, boolean again, BiConsumer<SqlConnection, Rows> lake) {
        RedriveOutcome outcome = RedriveOutcome.NOTHING;
        for (Map.Entry<Lane, List<Long>> letters : open(filter, again).entrySet()) {
            Lane lane = letters.getKey();
            List<byte[]> forgotten =
                    transactions.run(tx -> StoredEvents.forgottenKeys(tx, lane.topic(), lane.partition()));
            for (List<Long> chunk : chunks(letters.getValue())) {
                outcome =
                        outcome.plus(run(lane, again ? chunk : List.of(), again ? List.of() : chunk, forgotten, lake));
                forgotten = List.of();
            }
        }
        transactions.run(tx -> tx.execute(FORGET, Tuple.of(config.keepResolved().toMillis())));
        return outcome;
    }

    private RedriveOutcome run(
            Lane lane,
            Collection<Long> redrive,
            Collection<Long> evict,
            List<byte[]> keys,
            BiConsumer<SqlConnection, Rows> lake) {
        RedriveOutcome outcome = RedriveOutcome.NOTHING;
        Task task = new Task(lane.topic(), lane.partition(), redrive, evict, keys);
        while (true) {
            Result result = attempts.run(task, () -> decoder(lane.topic()), lake);
            outcome = outcome.plus(result.outcome());
            if (result.rest().isEmpty() || result.outcome().equals(RedriveOutcome.NOTHING)) {
                return outcome;
            }
            task = new Task(lane.topic(), lane.partition(), List.of(), List.of(), result.rest());
        }
    }

    /** With the columns that other instances have met: an event that lacks one must not leave an older value there. */
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
