package dev.leat.ingest.lane;

import dev.leat.ingest.lane.status.LaneStatus;
import dev.leat.pipeline.Stream;
import dev.leat.schema.Contracts;
import dev.leat.schema.KnownColumns;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.wire.Records;
import dev.leat.view.deadletter.ParkedKeys;
import dev.leat.view.lane.LaneBatch;
import dev.leat.view.lane.PgParkedKeys;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** Decodes a lane's records, with the columns and the parked keys that Postgres has. The lane's thread only. */
final class LaneDecoder {

    private final TopicPartition partition;
    private final List<Stream> streams;
    private final Contracts contracts;
    private final TopicDecoder decoder;
    private final KnownColumns known;
    private final PgParkedKeys parkedKeys;
    private final LaneStatus status;
    private ParkedKeys parked; // null while they have to be read

    /** @param streams of the lane's topic */
    LaneDecoder(
            TopicPartition partition,
            List<Stream> streams,
            Contracts contracts,
            KnownColumns known,
            PgParkedKeys parkedKeys,
            LaneStatus status) {
        this.partition = partition;
        this.streams = streams;
        this.contracts = contracts;
        this.decoder = contracts.decoder(partition.topic());
        this.known = known;
        this.parkedKeys = parkedKeys;
        this.status = status;
    }

    /** @param expected the lane's checkpoint */
    LaneBatch batch(long expected, Records records) throws InterruptedException {
        // Before any record is decoded, because the columns come with them.
        ParkedKeys now = parkedKeys();
        return new LaneBatch(
                partition.topic(), partition.partition(), expected, records.next(), records, decode(records), now);
    }

    /** A batch without records: the checkpoint follows the log. */
    LaneBatch batchTo(long expected, long next) throws InterruptedException {
        return new LaneBatch(
                partition.topic(),
                partition.partition(),
                expected,
                next,
                Records.NONE,
                new Decoded(List.of(), List.of()),
                parkedKeys());
    }

    /** The same batch, with parked keys and columns read again. */
    LaneBatch again(LaneBatch batch) throws InterruptedException {
        invalidate();
        ParkedKeys now = parkedKeys();
        return batch.with(batch.records().isEmpty() ? batch.decoded() : decode(batch.records()), now);
    }

    Decoded decode(Records records) throws InterruptedException {
        return status.ask(() -> decoder.decode(partition.partition(), records));
    }

    /** As a batch has left them. */
    void keep(ParkedKeys now) {
        parked = now;
    }

    /** The parked keys are read again before the next batch. */
    void invalidate() {
        parked = null;
    }

    private ParkedKeys parkedKeys() throws InterruptedException {
        if (parked == null) {
            ParkedKeys now = status.ask(() -> parkedKeys.of(partition.topic(), partition.partition()));
            // Then the columns: a redrive elsewhere may have added some and filled them. An event that lacks one must
            // not
            // leave the older value there.
            status.run(this::learnColumns);
            parked = now;
        }
        return parked;
    }

    /** Learns the columns that the views of the topic's streams have, whichever instance has added them. Blocks. */
    void learnColumns() {
        streams.forEach(stream -> contracts.widen(stream, known.of(stream.name())));
    }
}
