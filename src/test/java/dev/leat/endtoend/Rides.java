package dev.leat.endtoend;

import dev.leat.taxi.TaxiRide;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Rides that a test sends by itself, where a generator of its own would be a process too many. */
final class Rides {

    private Rides() {}

    /** The contract's id. */
    static int register(Scenario scenario) throws IOException, InterruptedException {
        return Framed.register(
                scenario.stack, scenario.rides + "-value", Files.readString(Path.of("avro", "TaxiRide.avsc")));
    }

    /** Sends rides r0, r1, … and returns when Kafka has them. */
    static void send(Scenario scenario, int rides) throws IOException, InterruptedException, ExecutionException {
        int id = register(scenario);
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", scenario.stack.kafka(), "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < rides; i++) {
                String ride = "r" + i;
                sent.add(producer.send(new ProducerRecord<>(
                        scenario.rides, ride.getBytes(StandardCharsets.UTF_8), Framed.bytes(id, encoded(ride)))));
            }
            producer.flush();
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }

    /** Without a frame. */
    static byte[] encoded(String id) throws IOException {
        TaxiRide ride = TaxiRide.newBuilder()
                .setRideId(id)
                .setVendorId(1)
                .setPickupAt(Instant.parse("2020-07-01T00:25:32Z"))
                .setDropoffAt(Instant.parse("2020-07-01T00:33:39Z"))
                .setPassengerCount(1)
                .setTripDistance(1.5)
                .setRatecodeId(1)
                .setStoreAndFwdFlag("N")
                .setPuLocationId(238)
                .setDoLocationId(75)
                .setPaymentType(2)
                .setFareAmount(8)
                .setExtra(0.5)
                .setMtaTax(0.5)
                .setTipAmount(0)
                .setTollsAmount(0)
                .setImprovementSurcharge(0.3)
                .setTotalAmount(9.3)
                .setCongestionSurcharge(0.0)
                .build();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        var encoder = EncoderFactory.get().binaryEncoder(out, null);
        new SpecificDatumWriter<>(TaxiRide.class).write(ride, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
