package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.failure.Scope;
import dev.leat.pipeline.Pipeline;
import dev.leat.schema.Contracts;
import dev.leat.schema.ContractsFixture;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.SchemaRegistry;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.topic.Rejected;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.Shape;
import dev.leat.schema.wire.Records;
import dev.leat.view.deadletter.ParkedKeys;
import dev.leat.view.lane.apply.BatchOutcome;
import dev.leat.view.lane.apply.ViewFault;
import dev.leat.view.rebuild.RestingViews;
import dev.leat.view.table.TablesFixture;
import dev.leat.view.time.TimeFixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** An instance with a lane of one topic, from the registry to the views in Postgres; without Kafka. */
final class ContractLane {

    private final String topic;
    private final Pipeline pipeline;
    private final TablesFixture tables;
    private final Contracts contracts;
    private final LaneParts parts;
    private final TopicDecoder decoder;
    private final RestingViews resting;
    private ParkedKeys parked; // null while somebody else may have applied something

    /**
     * @throws ContractException when no version of a contract is fit
     * @throws dev.leat.pipeline.PipelineException when a view in SQL can't be made
     */
    ContractLane(ViewsFixture database, Pipeline pipeline, SchemaRegistry registry, String topic) {
        this.topic = topic;
        this.pipeline = pipeline;
        this.tables = database.tablesOf(pipeline);
        this.contracts = ContractsFixture.contracts(pipeline, registry, tables.known(), tables.names());
        contracts.settle();
        Map<String, Shape> shapes = new LinkedHashMap<>();
        pipeline.streams()
                .forEach((name, stream) -> contracts.shape(stream).ifPresent(shape -> shapes.put(name, shape)));
        tables.tables().check(shapes);
        shapes.forEach((name, shape) -> tables.tables().ensure(pipeline.stream(name), shape));
        TimeFixture time = new TimeFixture(database, pipeline, tables.closableViews());
        this.parts = database.views(pipeline, time.times(), tables);
        this.resting = database.rebuilding(pipeline, time.times(), time.closing(), tables)
                .resting();
        this.decoder = contracts.decoder(topic);
        parts.open(topic, 0, 0);
        time.times().open(List.copyOf(pipeline.streams().keySet()), topic, 0, UUID.randomUUID());
    }

    /** What fails in this instance now, of a view. */
    Optional<String> failure(String view) {
        return tables.failures().of(Scope.view(view)).stream()
                .map(failure -> failure.cause() + " " + failure.message())
                .findFirst();
    }

    /** Another instance has had the lane. */
    void takeOver() {
        parked = null;
    }

    /** Applies records, whose positions are after those that were applied. */
    BatchOutcome.Applied write(List<ConsumerRecord<byte[], byte[]>> records) {
        long next = parts.checkpoint(topic, 0);
        List<ConsumerRecord<byte[], byte[]>> placed = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            placed.add(
                    Records.record(topic, 0, next + placed.size(), 1, record.key(), record.value(), record.headers()));
        }
        Records packed = Records.of(placed);
        BatchOutcome outcome = withoutViewsAtFault(next, packed);
        if (!(outcome instanceof BatchOutcome.Applied)) {
            parked = null;
            outcome = withoutViewsAtFault(next, packed);
        }
        assertThat(outcome).isInstanceOf(BatchOutcome.Applied.class);
        parked = ((BatchOutcome.Applied) outcome).parkedKeys();
        return (BatchOutcome.Applied) outcome;
    }

    /** As a lane does it: a view that takes nothing rests, and the others go on. */
    private BatchOutcome withoutViewsAtFault(long next, Records packed) {
        while (true) {
            try {
                return apply(next, packed);
            } catch (ViewFault fault) {
                assertThat(fault).hasRootCauseInstanceOf(ContractException.class);
                assertThat(resting.rest(fault.view(), fault.getMessage())).isTrue();
                parked = null;
            }
        }
    }

    private BatchOutcome apply(long next, Records packed) {
        if (parked == null) {
            parked = parts.parkedKeys(topic, 0);
            pipeline.streamsOf(topic)
                    .forEach(stream -> contracts.widen(stream, tables.known().of(stream.name())));
        }
        Decoded decoded = decoder.decode(0, packed);
        for (Rejected rejected : decoded.rejected()) {
            assertThat(rejected.reason()).as(rejected.message()).isEqualTo(Rejected.Reason.UNFIT_VERSION);
        }
        return parts.outcome(new LaneBatch(topic, 0, next, next + packed.size(), packed, decoded, parked));
    }

    /** A record as a producer frames it; its position is none yet. */
    static ConsumerRecord<byte[], byte[]> record(long schemaId, GenericRecord event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(event.getSchema()).write(event, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return framed(schemaId, out.toByteArray());
    }

    static ConsumerRecord<byte[], byte[]> framed(long schemaId, byte[] value) {
        byte[] framed = ByteBuffer.allocate(5 + value.length)
                .put((byte) 0)
                .putInt((int) schemaId)
                .put(value)
                .array();
        return new ConsumerRecord<>("", 0, 0, "k".getBytes(StandardCharsets.UTF_8), framed);
    }
}
