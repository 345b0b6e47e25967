package dev.leat.view;

import dev.leat.pipeline.Stream;
import dev.leat.schema.Rows;
import dev.leat.view.ParkedKeys.Scope;
import dev.leat.view.ViewApplication.NamedWriter;
import dev.leat.view.statement.Tx;
import dev.leat.view.writer.Events;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Past events for one view within one transaction: exactly once, since the place where the view stands moves with it. */
final class CatchUpTransaction {

    private static final String ADVANCE = """
            UPDATE leat.view_lane SET next_offset = $6, done = done + $7
            WHERE view = $1 AND topic = $2 AND partition = $3 AND next_offset = $4 AND version = $5""";
    private static final String HAND_OVER = """
            WITH caught_up AS (
                DELETE FROM leat.view_lane WHERE view = $1 AND topic = $2 AND partition = $3 RETURNING done)
            UPDATE leat.rebuild SET done = rebuild.done + caught_up.done FROM caught_up WHERE builds = $1""";
    // All views of the stream get them once the letter in front of them is redriven or evicted.
    private static final String SELECT_WAITING = """
            SELECT "offset" FROM leat.parked_event
            WHERE topic = $1 AND partition = $2 AND "offset" >= $3 AND "offset" < $4 AND stream = $5 AND view IS NULL""";

    private final Tx tx;
    private final CatchUp batch;
    private final NamedWriter writer;

    CatchUpTransaction(Tx tx, CatchUp batch, NamedWriter writer) {
        this.tx = tx;
        this.batch = batch;
        this.writer = writer;
    }

    /** @throws FencedException another instance has moved the view on, or other events count by now */
    void run() {
        advance();
        KeyGate gate = gate();
        for (Rows rows : batch.rows()) {
            if (!rows.isEmpty()) {
                apply(rows, gate);
            }
        }
    }

    /** The lane must stand still, at where the view stands now; from then on it has the view. */
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
            throw new FencedException(batch.topic(), batch.partition(), batch.expected());
        }
    }

    /** Keys that wait for this view alone. */
    private KeyGate gate() {
        Map<ByteBuffer, Set<Scope>> mine = new HashMap<>();
        ParkedEvents.keysInTransaction(tx, batch.topic(), batch.partition(), 0)
                .keys()
                .forEach((key, scopes) -> scopes.stream()
                        .filter(scope -> batch.view().name().equals(scope.view()))
                        .forEach(scope ->
                                mine.computeIfAbsent(key, k -> new HashSet<>()).add(scope)));
        return new KeyGate(new ParkedKeys(0, mine));
    }

    private void apply(Rows rows, KeyGate gate) {
        Set<Long> waiting = new HashSet<>();
        Tuple range = Tuple.tuple()
                .addValue(batch.topic())
                .addValue(batch.partition())
                .addValue(batch.expected())
                .addValue(batch.next())
                .addValue(rows.stream().name());
        for (Row row : tx.execute(SELECT_WAITING, range)) {
            waiting.add(row.getLong(0));
        }
        int[] wanted = IntStream.range(0, rows.size())
                .filter(row -> !waiting.contains(rows.offset(row)))
                .toArray();
        if (wanted.length == 0) {
            return;
        }
        ViewApplication application =
                new ViewApplication(tx, Events.of(rows), gate, this::record, CatchUpTransaction::policy);
        application.apply(writer, wanted);
        DeadLetters.saveInTransaction(tx, application.letters());
        ParkedEvents.saveInTransaction(tx, application.held());
    }

    /** No lane is stopped by what happens here. */
    private static Stream.OnPoison policy(Stream stream) {
        return stream.onPoison() == Stream.OnPoison.STOP ? Stream.OnPoison.SKIP : stream.onPoison();
    }

    private ConsumerRecord<byte[], byte[]> record(long offset) {
        ConsumerRecord<byte[], byte[]> record = batch.records().apply(offset);
        if (record == null) {
            throw new CatchUp.NeedsRecords(batch.view().name(), batch.topic(), batch.partition(), offset);
        }
        return record;
    }
}
