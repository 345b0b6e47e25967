package dev.leat.benchmark;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic with rides that follow from their numbers alone, so that what must be in a sink is known without reading it.
 *
 * @param rows a multiple of 1,200, so that partitions of new keys are equally long
 * @param columns those of the contract file, and as many numbers more as it takes
 */
record RideTopic(String name, DataSet data, int rows, int partitions, int columns) {

    static final Path CONTRACT =
            Path.of("src/test/resources/benchmark/Ride.avsc").toAbsolutePath();
    private static final long BEGIN = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();
    private static final int MILLIS_BETWEEN = 5;
    private static final int FRAME = 5;
    private static final int TOTAL_AMOUNT = 11;

    String rideId(int i) {
        return "ride-%08d".formatted(data.key(i));
    }

    int partition(int i) {
        return data.partition(i, partitions);
    }

    static long pickupAt(int i) {
        return BEGIN + (long) i * MILLIS_BETWEEN;
    }

    long keys() {
        return data.keys(rows);
    }

    /** Sends all, as fast as one producer can, and returns when Kafka has them. */
    void produce(Servers servers) {
        int id = servers.register(name + "-value", contract());
        try (KafkaProducer<byte[], byte[]> producer = producer(servers, 5)) {
            RideEncoder encoder = new RideEncoder(id, this);
            for (int i = 0; i < rows; i++) {
                producer.send(encoder.record(i));
            }
            producer.flush();
        }
    }

    static KafkaProducer<byte[], byte[]> producer(Servers servers, int lingerMillis) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", servers.kafka(), "linger.ms", lingerMillis, "batch.size", 200_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** The Avro schema of its rides, as JSON. */
    String contract() {
        try {
            Schema base = new Schema.Parser().parse(Files.readString(CONTRACT));
            List<Schema.Field> fields = new ArrayList<>();
            base.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
            while (fields.size() < columns) {
                fields.add(new Schema.Field("more_" + fields.size(), Schema.create(Schema.Type.DOUBLE)));
            }
            return Schema.createRecord(base.getName(), base.getDoc(), base.getNamespace(), false, fields)
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Framed as Confluent's serializer does it. Not safe for several threads. */
    static final class RideEncoder {
        private final RideTopic topic;
        private final GenericDatumWriter<GenericData.Record> writer;
        private final GenericData.Record ride;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        private final byte[] frame;

        RideEncoder(int schemaId, RideTopic topic) {
            this.topic = topic;
            Schema schema = new Schema.Parser().parse(topic.contract());
            writer = new GenericDatumWriter<>(schema);
            ride = new GenericData.Record(schema);
            frame = ByteBuffer.allocate(FRAME).put((byte) 0).putInt(schemaId).array();
        }

        ProducerRecord<byte[], byte[]> record(int i) {
            String id = topic.rideId(i);
            return new ProducerRecord<>(
                    topic.name, topic.partition(i), id.getBytes(StandardCharsets.UTF_8), value(id, i));
        }

        byte[] value(String id, int i) {
            fill(id, i);
            out.reset();
            out.writeBytes(frame);
            try {
                writer.write(ride, encoder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return out.toByteArray();
        }

        private void fill(String id, int i) {
            double fare = 3 + i % 4_000 / 100.0;
            double tip = i % 7 == 0 ? 0 : i % 500 / 100.0;
            ride.put("ride_id", id);
            ride.put("ride_number", i);
            ride.put("vendor_id", 1 + i % 4);
            ride.put("pickup_at", pickupAt(i));
            ride.put("passenger_count", i % 20 == 0 ? null : 1 + i % 5);
            ride.put("trip_distance", i % 2_000 / 100.0);
            ride.put("pu_location_id", 1 + i % 263);
            ride.put("do_location_id", 1 + i * 31 % 263);
            ride.put("payment_type", 1 + i % 2);
            ride.put("fare_amount", fare);
            ride.put("tip_amount", tip);
            ride.put("total_amount", fare + tip);
            for (int more = ride.getSchema().getFields().size() - 1; more > TOTAL_AMOUNT; more--) {
                ride.put(more, i % 1_000 / 10.0);
            }
        }
    }
}
