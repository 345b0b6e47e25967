package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.topic.Rejected;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.RowsFixture;
import dev.leat.schema.wire.Records;
import dev.leat.view.deadletter.ParkedKeys;
import dev.leat.view.lane.apply.BatchOutcome;
import dev.leat.view.lane.apply.BatchOutcome.Applied;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Batches of one lane, without Kafka and without decoding. An event is a letter; its Kafka key is the first character of
 * what is written, so {@code "a1"} and {@code "a2"} have one key.
 */
public final class BatchFixture {

    private final Stream stream;
    private final LaneParts views;
    private final int partition;
    private long next;
    private ParkedKeys parked;

    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private RowsFixture rows;
    private long timestamp = 1_000_000_000_000L;

    public BatchFixture(ViewsFixture database, Pipeline pipeline, Stream stream, int partition) {
        this(database.views(pipeline), stream, partition);
    }

    public BatchFixture(LaneParts views, Stream stream, int partition) {
        this.stream = stream;
        this.partition = partition;
        this.views = views;
        this.next = views.open(stream.topic(), partition, 0);
        begin();
    }

    private void begin() {
        records.clear();
        rejected.clear();
        rows = new RowsFixture(stream, "id", "at", partition);
    }

    public BatchFixture at(long kafkaTimestamp) {
        timestamp = kafkaTimestamp;
        return this;
    }

    public BatchFixture events(String... ids) {
        for (String id : ids) {
            rows.add(id, 0, record(id), timestamp);
        }
        return this;
    }

    /** An event that couldn't be decoded. */
    public BatchFixture broken(String id) {
        long offset = record(id);
        rejected.add(new Rejected(
                stream.name(), partition, offset, timestamp, null, Rejected.Reason.NOT_FRAMED, "broken " + id));
        return this;
    }

    /** An event of a type that no stream declares. */
    public BatchFixture undeclared(String id) {
        long offset = record(id);
        rejected.add(new Rejected(
                null, partition, offset, timestamp, 1L, Rejected.Reason.UNDECLARED_TYPE, "undeclared " + id));
        return this;
    }

    private long record(String id) {
        long offset = next + records.size();
        records.add(new ConsumerRecord<>(
                stream.topic(),
                partition,
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                1,
                id.length(),
                id.substring(0, 1).getBytes(StandardCharsets.UTF_8),
                id.getBytes(StandardCharsets.UTF_8),
                new RecordHeaders(),
                Optional.empty()));
        return offset;
    }

    public LaneBatch batch() {
        if (parked == null) {
            parked = views.parkedKeys(stream.topic(), partition);
        }
        Rows decoded = rows.build();
        return new LaneBatch(
                stream.topic(),
                partition,
                next,
                next + records.size(),
                Records.of(records),
                new Decoded(List.of(decoded), List.copyOf(rejected)),
                parked);
    }

    /** Applies what was added since the last time. */
    public Applied apply() {
        BatchOutcome outcome = outcome();
        assertThat(outcome).isInstanceOf(Applied.class);
        return (Applied) outcome;
    }

    /** The same, where it may end otherwise. Then the batch is still to be applied. */
    public BatchOutcome outcome() {
        LaneBatch batch = batch();
        BatchOutcome outcome = views.outcome(batch);
        if (outcome instanceof Applied applied) {
            parked = applied.parkedKeys();
            next = batch.next();
            begin();
        }
        return outcome;
    }

    /** What is left of the batch when the process dies. */
    public void forget() {
        begin();
        parked = null;
    }

    /** What the lane does when it is told that its views or parked keys have changed. */
    public void invalidate() {
        parked = null;
    }

    public long checkpoint() {
        return views.checkpoint(stream.topic(), partition);
    }

    public LaneParts views() {
        return views;
    }
}
