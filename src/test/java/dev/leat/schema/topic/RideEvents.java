package dev.leat.schema.topic;

import dev.leat.pipeline.Stream;
import dev.leat.schema.registry.FakeRegistry;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import dev.leat.taxi.PaymentMethod;
import dev.leat.taxi.RideAccepted;
import dev.leat.taxi.RideFinished;
import dev.leat.taxi.RidePaid;
import dev.leat.taxi.RideRequested;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Events of rides as records of a topic, and what decodes them; without a registry. */
public final class RideEvents {

    private static final Instant START = Instant.parse("2026-02-01T08:00:00Z");
    private static final List<Schema> TYPES = List.of(
            RideRequested.getClassSchema(),
            RideAccepted.getClassSchema(),
            RideFinished.getClassSchema(),
            RidePaid.getClassSchema());

    private final FakeRegistry registry = new FakeRegistry();
    private final Map<String, StreamContract> sources = new LinkedHashMap<>();

    /** @param streams each with its type declared */
    public RideEvents(List<Stream> streams) {
        for (int i = 0; i < TYPES.size(); i++) {
            registry.byId.put((long) i, TYPES.get(i));
        }
        streams.forEach(stream -> {
            StreamContract source = new StreamContract(stream);
            TYPES.stream().filter(source::takes).forEach(source::learn);
            sources.put(stream.name(), source);
        });
    }

    /** As a lane that opens. */
    public TopicDecoder decoder(String topic) {
        return new TopicDecoder(
                ContractHistory.ofRegistry(registry),
                new WireFormat(Stream.Ids.DEFAULT),
                sources.values().stream()
                        .filter(s -> s.stream().topic().equals(topic))
                        .toList());
    }

    public Shape shape(Stream stream) {
        return sources.get(stream.name()).shape().orElseThrow();
    }

    public static SpecificRecord requested(String ride) {
        return new RideRequested(ride, START, 7, null);
    }

    public static SpecificRecord accepted(String ride) {
        return new RideAccepted(ride, START.plusSeconds(90), 2);
    }

    public static SpecificRecord finished(String ride, String fare) {
        return new RideFinished(ride, START.plusSeconds(1000), 9, new BigDecimal(fare));
    }

    public static SpecificRecord paid(String ride, String amount) {
        return new RidePaid(ride, START.plusSeconds(1100), new BigDecimal(amount), PaymentMethod.CARD);
    }

    /** A record as its producer frames it; its Kafka key is the ride. */
    public static ConsumerRecord<byte[], byte[]> record(
            String topic, int partition, long offset, SpecificRecord event) {
        return new ConsumerRecord<>(topic, partition, offset, key(event.get(0).toString()), framed(event));
    }

    public static ConsumerRecord<byte[], byte[]> delete(String topic, int partition, long offset, String ride) {
        return new ConsumerRecord<>(topic, partition, offset, key(ride), null);
    }

    private static byte[] key(String ride) {
        return ride.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] framed(SpecificRecord event) {
        return framed(TYPES.indexOf(event.getSchema()), event);
    }

    /** @param schemaId that the registry has given the event's type */
    public static byte[] framed(int schemaId, SpecificRecord event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.writeBytes(ByteBuffer.allocate(4).putInt(schemaId).array());
        try {
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new SpecificDatumWriter<>(event.getSchema(), SpecificData.getForClass(event.getClass()))
                    .write(event, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Rows of one stream's events, in their order. */
    public Rows rows(Stream stream, SpecificRecord... events) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (SpecificRecord event : events) {
            records.add(record(stream.topic(), 0, records.size(), event));
        }
        return decoder(stream.topic()).decode(0, Records.of(records)).rows().stream()
                .filter(rows -> rows.stream().equals(stream))
                .findFirst()
                .orElseThrow();
    }
}
