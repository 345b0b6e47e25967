package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.reactive.messaging.kafka.companion.KafkaCompanion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Records that a client of somebody else's wrote: framed by hand, with ids from the registry's Confluent-compatible API.
 * Good ones arrive like any other; broken ones become dead letters that say why.
 */
@ExtendWith(ProcessLogs.class)
class BrokenRecordsIT {

    @Test
    void broken_records_become_dead_letters_and_the_rides_around_them_arrive() throws Exception {
        try (Scenario scenario = new Scenario("broken")) {
            // Given
            scenario.start(Map.of()).awaitReady();
            int rides = Rides.register(scenario);
            int strangers = Framed.register(
                    scenario.stack,
                    scenario.name + ".other-value",
                    "{\"type\":\"record\",\"name\":\"Stranger\",\"namespace\":\"x\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"}]}");

            // When
            try (KafkaCompanion kafka = new KafkaCompanion(scenario.stack.kafka())) {
                kafka.produceWithSerializers(new ByteArraySerializer(), new ByteArraySerializer())
                        .fromRecords(List.of(
                                record(scenario, "r1", Framed.bytes(rides, Rides.encoded("r1"))),
                                record(scenario, "r2", new byte[0]),
                                record(scenario, "r3", "{\"ride_id\": \"r3\"}".getBytes(StandardCharsets.UTF_8)),
                                record(scenario, "r4", Framed.bytes(987_654, Rides.encoded("r4"))),
                                record(scenario, "r5", Framed.bytes(strangers, stranger())),
                                record(scenario, null, Framed.bytes(rides, Rides.encoded("r6"))),
                                record(scenario, "r7", Framed.bytes(rides, Rides.encoded("r7\u0000"))),
                                record(scenario, "r8", Framed.bytes(rides, Rides.encoded("r8")))))
                        .awaitCompletion(Waits.AT_MOST);
            }
            await().until(() -> scenario.count("SELECT count(*) FROM views.rides_log WHERE ride_id = 'r8'") == 1);

            // Then
            assertThat(scenario.rows("SELECT ride_id FROM views.rides_latest ORDER BY 1"))
                    .containsExactly(List.of("r1"), List.of("r8"));
            assertThat(scenario.rows("SELECT \"offset\", reason, message FROM leat.dead_letter ORDER BY \"offset\""))
                    .extracting(row -> row.get(1))
                    .containsExactly(
                            "EMPTY_VALUE",
                            "NOT_FRAMED",
                            "UNKNOWN_SCHEMA",
                            "UNDECLARED_TYPE",
                            "MISSING_KEY",
                            // Each of the two views refuses it.
                            "REFUSED_BY_VIEW",
                            "REFUSED_BY_VIEW");
            assertThat(scenario.rows("SELECT message FROM leat.dead_letter ORDER BY \"offset\""))
                    .extracting(row -> (String) row.getFirst())
                    .satisfiesExactly(
                            m -> assertThat(m).isEqualTo("the value has no bytes"),
                            m -> assertThat(m).isEqualTo("the value begins with byte 123, not with 0 and a schema id"),
                            m -> assertThat(m).isEqualTo("the registry has no schema with id 987654"),
                            m -> assertThat(m)
                                    .isEqualTo("type x.Stranger belongs to no stream of the topic; declared are"
                                            + " dev.leat.taxi.TaxiRide"),
                            m -> assertThat(m).startsWith("the record has no Kafka key"),
                            m -> assertThat(m).contains("invalid byte sequence"),
                            m -> assertThat(m).contains("invalid byte sequence"));
            assertThat(scenario.rows("SELECT DISTINCT headers::text FROM leat.dead_letter"))
                    .describedAs("nothing that we have put there")
                    .containsExactly(List.of("{}"));
            assertThat(scenario.rows("SELECT value FROM leat.dead_letter WHERE reason = 'NOT_FRAMED'"))
                    .extracting(row -> new String((byte[]) row.getFirst(), StandardCharsets.UTF_8))
                    .containsExactly("{\"ride_id\": \"r3\"}");
        }
    }

    private static ProducerRecord<byte[], byte[]> record(Scenario scenario, String key, byte[] value) {
        byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(scenario.rides, 3, bytes, value);
    }

    private static byte[] stranger() throws IOException {
        var schema = new org.apache.avro.Schema.Parser()
                .parse(
                        "{\"type\":\"record\",\"name\":\"Stranger\",\"namespace\":\"x\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"}]}");
        var record = new org.apache.avro.generic.GenericData.Record(schema);
        record.put("id", "s");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        var encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
