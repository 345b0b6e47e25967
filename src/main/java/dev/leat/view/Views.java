package dev.leat.view;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.schema.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Applies batches to views. A batch changes every view of its streams, the dead letters and the lane's checkpoint in
 * one transaction; whatever fails, nothing of it is left.
 *
 * <p>All methods block, for at most {@code leat.view.timeout} a statement: call them on a virtual or worker thread.
 */
@ApplicationScoped
public class Views {

    private static final String CREATE_CHECKPOINT = """
            INSERT INTO leat.checkpoint (topic, partition, next_offset) VALUES ($1, $2, $3)
            ON CONFLICT (topic, partition) DO NOTHING
            """;
    // One statement, so that all partitions of a topic begin at one time, whichever instance comes first. Where lanes
    // of
    // the topic have been read before anybody kept topic_start, all is decided already.
    private static final String BEGIN_TOPIC = """
            WITH first AS (
                INSERT INTO leat.topic_start (topic, partitions) VALUES ($1, $2)
                ON CONFLICT (topic) DO NOTHING
                RETURNING topic)
            INSERT INTO leat.checkpoint (topic, partition, next_offset)
            SELECT first.topic, start.partition, start.next_offset
            FROM first, unnest($3::integer[], $4::bigint[]) AS start (partition, next_offset)
            WHERE NOT EXISTS (SELECT FROM leat.checkpoint AS c WHERE c.topic = first.topic)
            ON CONFLICT (topic, partition) DO NOTHING
            """;
    private static final String SELECT_CHECKPOINT =
            "SELECT next_offset FROM leat.checkpoint WHERE topic = $1 AND partition = $2";
    private static final String ADVANCE_CHECKPOINT = """
            UPDATE leat.checkpoint SET next_offset = $4, updated_at = now()
            WHERE topic = $1 AND partition = $2 AND next_offset = $3
            """;

    private final Pool pool;
    private final ViewTables tables;
    private final Duration timeout;
    private final Map<String, List<NamedWriter>> writersByStream;

    Views(Pool pool, Pipeline pipeline, ViewTables tables, ViewConfig config) {
        this.pool = pool;
        this.tables = tables;
        this.timeout = config.timeout();
        this.writersByStream = pipeline.streams().values().stream()
                .collect(Collectors.toMap(s -> s.name(), s -> pipeline.viewsOf(s).stream()
                        .map(v -> new NamedWriter(v, tables.writer(v)))
                        .toList()));
    }

    private record NamedWriter(View view, ViewWriter writer) {}

    /** Whether the lane has a checkpoint. */
    public boolean isOpen(String topic, int partition) {
        return await(pool.withConnection(c -> c.preparedQuery(SELECT_CHECKPOINT).execute(Tuple.of(topic, partition))))
                        .size()
                > 0;
    }

    /**
     * Makes the checkpoints of a topic that was never read, all at once; changes nothing if it was.
     *
     * @param starts offset at which each partition begins that the topic has now; later ones aren't touched by this
     */
    public void begin(String topic, Map<Integer, Long> starts) {
        Integer[] partitions = starts.keySet().toArray(Integer[]::new);
        Long[] offsets = starts.values().toArray(Long[]::new);
        await(pool.withConnection(
                c -> c.preparedQuery(BEGIN_TOPIC).execute(Tuple.of(topic, partitions.length, partitions, offsets))));
    }

    /** The lane's checkpoint; made, at this offset, when the lane is new. */
    public long open(String topic, int partition, long startIfNew) {
        await(pool.withConnection(
                c -> c.preparedQuery(CREATE_CHECKPOINT).execute(Tuple.of(topic, partition, startIfNew))));
        return checkpoint(topic, partition);
    }

    public long checkpoint(String topic, int partition) {
        RowIterator<Row> row = await(pool.withConnection(
                        c -> c.preparedQuery(SELECT_CHECKPOINT).execute(Tuple.of(topic, partition))))
                .iterator();
        if (!row.hasNext()) {
            throw new IllegalStateException("the checkpoint of " + topic + "-" + partition
                    + " is gone from leat.checkpoint; restart this instance to begin the lane anew");
        }
        return row.next().getLong("next_offset");
    }

    /**
     * Applies a batch, whole or not at all. When it throws anything else than the exceptions below, it isn't known
     * whether the transaction was committed: ask {@link #checkpoint} before trying again.
     *
     * @throws FencedException another instance has moved the checkpoint
     * @throws ViewRefusal a view can't take the batch in
     */
    public void apply(LaneBatch batch) {
        batch.rows().stream().filter(r -> !r.isEmpty()).forEach(r -> tables.ensure(r.stream(), r.shape()));
        SqlConnection connection = await(pool.getConnection());
        try {
            Transaction transaction = await(connection.begin());
            try {
                applyInTransaction(connection, batch);
                await(transaction.commit());
            } catch (RuntimeException e) {
                rollBack(transaction);
                throw e;
            }
        } finally {
            connection.close().subscribe().with(closed -> {}, failed -> {});
        }
    }

    private void applyInTransaction(SqlConnection connection, LaneBatch batch) {
        // First, because it locks: a zombie of this lane waits here, before it has done anything, and then is refused.
        int moved = await(connection
                        .preparedQuery(ADVANCE_CHECKPOINT)
                        .execute(Tuple.of(batch.topic(), batch.partition(), batch.expected(), batch.next())))
                .rowCount();
        if (moved == 0) {
            throw new FencedException(batch.topic(), batch.partition(), batch.expected());
        }
        await(DeadLetters.saveInTransaction(connection, batch.topic(), batch.dead()));
        for (Rows rows : batch.rows()) {
            if (!rows.isEmpty()) {
                applyToViews(connection, rows);
            }
        }
    }

    private void applyToViews(SqlConnection connection, Rows rows) {
        for (NamedWriter named : writersByStream.get(rows.stream().name())) {
            try {
                await(named.writer().applyInTransaction(connection, rows, Positions.all(rows)));
            } catch (io.vertx.pgclient.PgException e) {
                throw new ViewRefusal(named.view().name(), e);
            }
        }
    }

    private void rollBack(Transaction transaction) {
        try {
            await(transaction.rollback());
        } catch (RuntimeException e) {
            // The connection is lost, and with it the transaction.
        }
    }

    private <T> T await(Uni<T> uni) {
        return uni.await().atMost(timeout);
    }
}
