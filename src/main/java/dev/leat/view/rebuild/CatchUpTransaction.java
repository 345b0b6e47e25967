package dev.leat.view.rebuild;

import dev.leat.postgres.Tx;
import dev.leat.schema.types.Rows;
import dev.leat.view.deadletter.KeyGate;
import dev.leat.view.deadletter.ParkedEvents;
import dev.leat.view.deadletter.SideOutput;
import dev.leat.view.lane.apply.IsolatingApplier;
import dev.leat.view.lane.apply.NamedWriter;
import dev.leat.view.sql.SqlView;
import dev.leat.view.time.StreamTimes;
import dev.leat.view.writer.OrderedEvents;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Applies past events to one view in one transaction: exactly once, because the view's position moves with them. */
final class CatchUpTransaction {

    private static final String ADVANCE = """
            UPDATE leat.view_lane SET next_offset = $6, done = done + $7
            WHERE view = $1 AND topic = $2 AND partition = $3 AND next_offset = $4 AND version = $5""";
    private static final String HAND_OVER = """
            WITH caught_up AS (
                DELETE FROM leat.view_lane WHERE view = $1 AND topic = $2 AND partition = $3 RETURNING done)
            UPDATE leat.rebuild SET done = rebuild.done + caught_up.done FROM caught_up WHERE builds = $1""";
    // All views of the stream get them once the dead letter that blocks them is redriven or evicted.
    private static final String SELECT_WAITING = """
            SELECT "offset" FROM leat.parked_event
            WHERE topic = $1 AND partition = $2 AND "offset" >= $3 AND "offset" < $4 AND stream = $5 AND view IS NULL""";

    private final Tx tx;
    private final CatchUp batch;
    private final NamedWriter writer;
    private final StreamTimes times;

    CatchUpTransaction(Tx tx, CatchUp batch, NamedWriter writer, StreamTimes times) {
        this.tx = tx;
        this.batch = batch;
        this.writer = writer;
        this.times = times;
    }

    /** @throws CatchUpRolledBack nothing of it may be committed */
    void run() {
        advance();
        if (writer.writer() instanceof SqlView view) {
            view.closable().ifPresent(closable -> times.shareViewInTransaction(tx, closable));
        }
        SideOutput side = new SideOutput(gate(), this::record);
        if (writer.isMerged()) {
            apply(writer.events(batch.rows()), side);
        } else {
            batch.rows().stream().filter(rows -> !rows.isEmpty()).forEach(rows -> apply(OrderedEvents.of(rows), side));
        }
        side.saveInTransaction(tx);
    }

    /** The lane must be locked, at the view's position. From the commit on the lane applies its batches to the view. */
    void handOver() {
        tx.execute(HAND_OVER, Tuple.of(batch.view().name(), batch.topic(), batch.partition()));
    }

    private void advance() {
        int rows = batch.rows().stream().mapToInt(Rows::size).sum();
        Tuple parameters = Tuple.tuple()
                .addValue(batch.view().name())
                .addValue(batch.topic())
                .addValue(batch.partition())
                .addValue(batch.expected())
                .addValue(batch.version())
                .addValue(batch.next())
                .addValue((long) rows);
        if (tx.execute(ADVANCE, parameters).rowCount() == 0) {
            throw new CatchUpRolledBack(new CatchUpOutcome.Fenced(batch.topic(), batch.partition(), batch.expected()));
        }
    }

    /** Keys that are parked for this view alone. */
    private KeyGate gate() {
        return new KeyGate(ParkedEvents.keysInTransaction(tx, batch.topic(), batch.partition(), 0)
                .of(batch.view().name()));
    }

    private void apply(OrderedEvents events, SideOutput side) {
        Map<String, Set<Long>> waiting = new HashMap<>();
        int[] wanted = IntStream.of(events.all())
                .filter(event -> !waiting.computeIfAbsent(events.stream(event).name(), this::waiting)
                        .contains(events.offset(event)))
                .toArray();
        if (wanted.length > 0) {
            // Beside the lane, because a rebuild never stops one.
            IsolatingApplier.besideLane(tx, events, side).apply(writer, wanted);
        }
    }

    private Set<Long> waiting(String stream) {
        Set<Long> waiting = new HashSet<>();
        Tuple range = Tuple.tuple()
                .addValue(batch.topic())
                .addValue(batch.partition())
                .addValue(batch.expected())
                .addValue(batch.next())
                .addValue(stream);
        for (Row row : tx.execute(SELECT_WAITING, range)) {
            waiting.add(row.getLong(0));
        }
        return waiting;
    }

    private ConsumerRecord<byte[], byte[]> record(long offset) {
        ConsumerRecord<byte[], byte[]> record = batch.records().apply(offset);
        if (record == null) {
            throw new CatchUpRolledBack(
                    new CatchUpOutcome.NeedsRecords(batch.view().name(), batch.topic(), batch.partition(), offset));
        }
        return record;
    }
}
