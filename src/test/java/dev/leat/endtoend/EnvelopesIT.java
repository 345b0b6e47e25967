package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows in envelopes that name the rows' schemas, record by record. */
@ExtendWith(ProcessLogs.class)
class EnvelopesIT {

    private static final Schema BUSINESS = business("");
    private static final Schema BUSINESS_WITH_CITY =
            business(", {\"name\": \"city\", \"type\": [\"null\", \"string\"], \"default\": null}");

    @Test
    void payloads_become_rows_as_their_schema_evolves_and_deletes_delete() throws IOException {
        try (Scenario scenario = new Scenario(
                        "yelp",
                        EnvelopesIT::businesses,
                        name -> List.of(new NewTopic(name + ".businesses", 1, (short) 1)));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", scenario.stack.kafka()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            // Given
            String avsc = Files.readString(Path.of("avro", "Envelope.avsc"));
            String topic = scenario.name + ".businesses";
            Schema envelope = new Schema.Parser().parse(avsc);
            Messages messages =
                    new Messages(producer, topic, envelope, Framed.register(scenario.stack, topic + "-value", avsc));
            String subject = scenario.name + ".Business";
            int first = Framed.register(scenario.stack, subject, BUSINESS.toString());
            scenario.start(Map.of()).awaitReady();

            // When
            messages.send("refresh", first, business(1, "Ann's"), null);
            messages.send("create", first, business(2, "Bob's"), null);
            messages.send("heartbeat", 1 << 30, null, null);
            int second = Framed.register(scenario.stack, subject, BUSINESS_WITH_CITY.toString());
            messages.send("update", second, business(1, "Ann's", "Ulm"), business(1, "Ann's", null));
            messages.send("delete", first, business(2, "Bob's"), null);
            messages.send("create", second, business(3, "Cem's", "Bonn"), null);
            messages.send("delete", second, business(0, "nobody's", null), business(3, "Cem's", "Bonn"));
            messages.send("create", second, business(4, "Dee's", "Kiel"), null);

            // Then
            await().ignoreExceptions().untilAsserted(() -> assertThat(scenario.rows(
                            "SELECT id, name, city, _message_type FROM views.businesses_latest ORDER BY id"))
                    .containsExactly(List.of(1L, "Ann's", "Ulm", "update"), List.of(4L, "Dee's", "Kiel", "create")));
            assertThat(scenario.rows("SELECT string_agg(id || coalesce(_message_type, '-'), '|' ORDER BY _offset)"
                            + " FROM views.businesses_log"))
                    .containsExactly(List.of("1refresh|2create|1update|2-|3create|3-|4create"));
            assertThat(scenario.rows("SELECT _uuid::text, _schema_id, extract(epoch FROM _sent_at)::bigint,"
                            + " _previous ->> 'name' FROM views.businesses_latest WHERE id = 1"))
                    .containsExactly(
                            List.of("00000000-0000-0007-0000-000000000003", (long) second, 1_700_000_003L, "Ann's"));
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();
            assertThat(scenario.rows("SELECT partition, next_offset FROM leat.checkpoint"))
                    .isEqualTo(ExactlyOnce.endOffsets(scenario, topic));
            await().ignoreExceptions().untilAsserted(() -> assertThat(scenario.duckdb(
                            "businesses",
                            "SELECT string_agg(id || coalesce(city, '-'), '|' ORDER BY _offset) FROM LAKE"
                                    + " WHERE NOT _deleted"))
                    .containsExactly(List.of("1-|2-|1Ulm|3Bonn|4Kiel")));
        }
    }

    private static String businesses(String name) {
        return """
                streams:
                  businesses:
                    {topic: %s.businesses, contract: avro/Envelope.avsc, key: id, event-time: _sent_at, unwrap: yelp,
                     deduplicate: {by: _uuid, within: 7d}, lake: {roll: {every: 1s}}}
                views:
                  businesses_latest: {latest: businesses}
                  businesses_log: {log: businesses}
                """.formatted(name);
    }

    private static Schema business(String more) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"Business\", \"namespace\": \"shop\", \"fields\": ["
                        + "{\"name\": \"id\", \"type\": \"long\"}, {\"name\": \"name\", \"type\": \"string\"}" + more
                        + "]}");
    }

    private static GenericRecord business(long id, String name) {
        return new GenericRecordBuilder(BUSINESS)
                .set("id", id)
                .set("name", name)
                .build();
    }

    private static GenericRecord business(long id, String name, String city) {
        return new GenericRecordBuilder(BUSINESS_WITH_CITY)
                .set("id", id)
                .set("name", name)
                .set("city", city)
                .build();
    }

    /** Messages with uuids that count, a second apart. */
    private static final class Messages {
        private final KafkaProducer<byte[], byte[]> producer;
        private final String topic;
        private final Schema envelope;
        private final int envelopeId;
        private long sent;

        Messages(KafkaProducer<byte[], byte[]> producer, String topic, Schema envelope, int envelopeId) {
            this.producer = producer;
            this.topic = topic;
            this.envelope = envelope;
            this.envelopeId = envelopeId;
        }

        void send(String type, long schemaId, GenericRecord payload, GenericRecord previous) {
            GenericRecord message = new GenericRecordBuilder(envelope)
                    .set("uuid", uuid())
                    .set("message_type", type(type))
                    .set("schema_id", schemaId)
                    .set("payload", ByteBuffer.wrap(payload == null ? new byte[0] : bytes(payload)))
                    .set("previous_payload", previous == null ? null : ByteBuffer.wrap(bytes(previous)))
                    .set("timestamp", 1_700_000_000L + sent)
                    .build();
            producer.send(new ProducerRecord<>(
                    topic, 0, "k".getBytes(StandardCharsets.UTF_8), Framed.bytes(envelopeId, bytes(message))));
            sent++;
        }

        private GenericData.Fixed uuid() {
            return new GenericData.Fixed(
                    envelope.getField("uuid").schema(),
                    ByteBuffer.allocate(16).putLong(7).putLong(sent).array());
        }

        private GenericData.EnumSymbol type(String symbol) {
            return new GenericData.EnumSymbol(envelope.getField("message_type").schema(), symbol);
        }
    }

    private static byte[] bytes(GenericRecord value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            var encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<>(value.getSchema()).write(value, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
