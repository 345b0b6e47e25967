package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.stack.LeatProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example of a contract that has changed incompatibly: what readers of the old topic get. */
@ExtendWith(ProcessLogs.class)
class ConverterIT {

    private static final String EXAMPLE = "examples/convert/";
    private static final int EACH = 50;

    private final Schema oldForm = new Schema.Parser().parse(resource("RideInMiles.avsc"));
    private final Schema newForm = new Schema.Parser().parse(resource("RideInMetres.avsc"));

    @Test
    void readers_of_the_old_topic_get_each_event_of_the_new_one_once_in_the_old_form() {
        try (Scenario scenario = new Scenario("convert", ConverterIT::pipeline, ConverterIT::topics);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", scenario.stack.kafka()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            // Given
            String from = scenario.name + ".rides-in-metres";
            String to = scenario.name + ".rides-in-miles";
            LeatProcess first =
                    scenario.start(Map.of(Scenario.INSTANCE, "leat")).awaitReady();
            int id = Framed.register(scenario.stack, from + "-value", newForm.toString());

            // When a converter dies in between
            for (int i = 0; i < EACH; i++) {
                producer.send(record(from, i, Framed.bytes(id, Framed.encoded(newForm, ride(i)))));
            }
            awaitRows(scenario, EACH);
            for (int i = EACH; i < 2 * EACH; i++) {
                producer.send(record(from, i, Framed.bytes(id, Framed.encoded(newForm, ride(i)))));
                if (i == EACH + EACH / 2) {
                    first.kill9();
                }
            }
            for (int i = 0; i < 2 * EACH; i += 2) {
                producer.send(record(from, i, null));
            }
            scenario.start(Map.of(Scenario.INSTANCE, "leat")).awaitReady();

            // Then
            awaitRows(scenario, EACH);
            List<String> rides = IntStream.range(0, 2 * EACH)
                    .mapToObj(i -> "r%d %d %.1f %.2f %d"
                            .formatted(i, 1_700_000_000_123L + i, (double) i, i + 0.25, i % 2 == 0 ? 2 : 1))
                    .toList();
            List<String> deletes = IntStream.range(0, EACH)
                    .mapToObj(i -> "r" + 2 * i + " is gone")
                    .toList();
            List<String> read = read(scenario, to);
            assertThat(read).hasSize(3 * EACH);
            assertThat(read.subList(0, 2 * EACH)).isEqualTo(rides);
            assertThat(read.subList(2 * EACH, 3 * EACH)).isEqualTo(deletes);
            assertThat(scenario.rows("SELECT ride_id, pickup_at::text, trip_distance, total_amount, payment_type"
                            + " FROM views.rides_latest WHERE ride_id = 'r7'"))
                    .isEqualTo(scenario.rows("SELECT ride_id, date_trunc('milliseconds', picked_up_at)::text,"
                            + " distance_metres / 1609.344::double precision, fare_amount::double precision, 1"
                            + " FROM views.new_rides_latest WHERE ride_id = 'r7'"))
                    .hasSize(1);
            assertThat(scenario.count("SELECT count(*) FROM views.rides_latest"))
                    .isEqualTo(scenario.count("SELECT count(*) FROM views.new_rides_latest"));
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();
        }
    }

    /** Both kinds of readers have everything, and nothing waits to be sent. */
    private static void awaitRows(Scenario scenario, int rows) {
        await().ignoreExceptions().untilAsserted(() -> {
            assertThat(scenario.rows("SELECT (SELECT count(*) FROM views.new_rides_latest),"
                            + " (SELECT count(*) FROM views.rides_latest), (SELECT count(*) FROM leat.outbox)"))
                    .containsExactly(List.of((long) rows, (long) rows, 0L));
            for (String topic : List.of(scenario.name + ".rides-in-metres", scenario.name + ".rides-in-miles")) {
                assertThat(scenario.rows(
                                "SELECT partition, next_offset FROM leat.checkpoint WHERE topic = '" + topic + "'"))
                        .isEqualTo(ExactlyOnce.endOffsets(scenario, topic));
            }
        });
    }

    /** All events of the topic as a reader has them that knows the old contract only, and drops repeats. */
    private List<String> read(Scenario scenario, String topic) {
        Map<String, String> byId = new LinkedHashMap<>();
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", scenario.stack.kafka()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    byId.putIfAbsent(text(record.headers().lastHeader("leat-id").value()), event(record));
                }
            }
        }
        return List.copyOf(byId.values());
    }

    private String event(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return text(record.key()) + " is gone";
        }
        try {
            GenericRecord ride = new GenericDatumReader<GenericRecord>(oldForm)
                    .read(null, DecoderFactory.get().binaryDecoder(record.value(), 5, record.value().length - 5, null));
            assertThat(ride.get("ride_id")).hasToString(text(record.key()));
            return "%s %d %.1f %.2f %d"
                    .formatted(
                            ride.get("ride_id"),
                            (Long) ride.get("pickup_at"),
                            (Double) ride.get("trip_distance"),
                            (Double) ride.get("total_amount"),
                            (Integer) ride.get("payment_type"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The ride of so many miles. */
    private GenericRecord ride(int i) {
        Schema paidBy = newForm.getField("paid_by").schema();
        return new GenericRecordBuilder(newForm)
                .set("ride_id", "r" + i)
                .set("picked_up_at", (1_700_000_000_123L + i) * 1000 + 456)
                .set("distance_metres", Math.round(i * 1609.344))
                .set(
                        "fare",
                        new GenericRecordBuilder(newForm.getField("fare").schema())
                                .set(
                                        "amount",
                                        ByteBuffer.wrap(new BigDecimal(i + ".25")
                                                .unscaledValue()
                                                .toByteArray()))
                                .set("currency", "USD")
                                .build())
                .set("paid_by", new GenericData.EnumSymbol(paidBy, i % 2 == 0 ? "CASH" : "CARD"))
                .build();
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int i, byte[] value) {
        return new ProducerRecord<>(topic, 0, ("r" + i).getBytes(StandardCharsets.UTF_8), value);
    }

    /** The example as it is shipped, on topics of the test's own. */
    private static String pipeline(String name) {
        return resource("pipeline.yaml").replace("topic: taxi.", "topic: " + name + ".");
    }

    private static List<NewTopic> topics(String name) {
        return List.of(
                new NewTopic(name + ".rides-in-metres", 1, (short) 1),
                new NewTopic(name + ".rides-in-miles", 1, (short) 1));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String resource(String name) {
        try (InputStream in = ConverterIT.class.getClassLoader().getResourceAsStream(EXAMPLE + name)) {
            return text(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
