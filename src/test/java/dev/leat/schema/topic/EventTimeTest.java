package dev.leat.schema.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.pipeline.time.TimeExpressionParser;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.FakeRegistry;
import dev.leat.schema.types.Rows;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stream may declare as its event time, on records that Avro's own writer has written. */
class EventTimeTest {

    private static final String MILLIS = "{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}";
    private static final long KAFKA = 1_000;

    private final FakeRegistry registry = new FakeRegistry();

    /** @param type of field {@code at}; {@code other} is an optional timestamp, null unless a value is given */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            at                                 | long timestamp-millis       | 1772323200123       | 2026-03-01T00:00:00.123Z
            at                                 | long timestamp-micros       | 1772323200123456    | 2026-03-01T00:00:00.123456Z
            at                                 | long timestamp-nanos        | 1772323200123456789 | 2026-03-01T00:00:00.123456Z
            at                                 | long local-timestamp-millis | 1772323200123       | 2026-03-01T00:00:00.123Z
            at                                 | long local-timestamp-micros | 1772323200123456    | 2026-03-01T00:00:00.123456Z
            at                                 | long local-timestamp-nanos  | 1772323200123456789 | 2026-03-01T00:00:00.123456Z
            at                                 | int date                    | 20513               | 2026-03-01T00:00:00Z
            to_timestamp(at)                   | long                        | 1772323200          | 2026-03-01T00:00:00Z
            to_timestamp(at)                   | int                         | -1                  | 1969-12-31T23:59:59Z
            to_timestamp(at / 1000)            | long                        | 1772323200123       | 2026-03-01T00:00:00.123Z
            to_timestamp(at / 1000000)         | long                        | 1772323200123456    | 2026-03-01T00:00:00.123456Z
            to_timestamp(at / 1000000000)      | long                        | -1                  | 1969-12-31T23:59:59.999999Z
            at AT TIME ZONE 'Europe/Amsterdam' | long local-timestamp-millis | 1772323200123       | 2026-02-28T23:00:00.123Z
            at AT TIME ZONE 'Europe/Amsterdam' | long local-timestamp-millis | 1774751400000       | 2026-03-29T01:30:00Z
            at AT TIME ZONE 'Europe/Amsterdam' | long local-timestamp-millis | 1792895400000       | 2026-10-25T01:30:00Z
            at AT TIME ZONE 'Europe/Amsterdam' | int date                    | 20635               | 2026-06-30T22:00:00Z
            _timestamp                         | long                        | 5                   | 1970-01-01T00:00:01Z
            coalesce(other, at)                | long timestamp-millis       | 1772323200123       | 2026-03-01T00:00:00.123Z
            coalesce(other, _timestamp)        | long                        | 5                   | 1970-01-01T00:00:01Z
            at + interval '1 hour'             | long timestamp-millis       | 1772323200123       | 2026-03-01T01:00:00.123Z
            at - interval '1 day'              | int date                    | 20513               | 2026-02-28T00:00:00Z
            """)
    void a_time_of_any_type_is_an_event_time(String declared, String type, long value, String instant) {
        // Given
        TopicDecoder decoder = decoder(declared, type);

        // When
        Decoded decoded = decoder.decode(0, Records.of(List.of(record(type, value, null, KAFKA, 0))));

        // Then
        assertThat(decoded.rejected()).isEmpty();
        assertThat(time(decoded.rows().getFirst(), 0)).isEqualTo(Instant.parse(instant));
        assertThat(decoded.rows().getFirst().hasEventTime(0)).isTrue();
    }

    @Test
    void the_first_time_that_is_there_counts() {
        TopicDecoder decoder = decoder("coalesce(other, at)", "long timestamp-millis");

        Decoded decoded = decoder.decode(
                0,
                Records.of(List.of(
                        record("long timestamp-millis", 7_000, 3_000L, KAFKA, 0),
                        record("long timestamp-millis", 7_000, null, KAFKA, 1))));

        Rows rows = decoded.rows().getFirst();
        assertThat(List.of(time(rows, 0), time(rows, 1)))
                .containsExactly(Instant.ofEpochSecond(3), Instant.ofEpochSecond(7));
        assertThat(rows.isNotOlder(1, 0)).isTrue();
        assertThat(rows.isNotOlder(0, 1)).isFalse();
    }

    /** Alone, and among others of its schema, which are read as a block. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            other                           | long                  | 5                    | 1000 | event time other is null
            _timestamp                      | long                  | 5                    | -1   | event time _timestamp is null
            coalesce(other, _timestamp)     | long                  | 5                    | -1   | event time coalesce(other, _timestamp) is null
            to_timestamp(at)                | long                  | 9223372036854775807  | 1000 | event time to_timestamp(at) is further away than a timestamp can be
            to_timestamp(at / 1000)         | long                  | -9223372036854775808 | 1000 | event time to_timestamp(at / 1000) is further away than a timestamp can be
            at                              | long timestamp-micros | -9223372036854775808 | 1000 | event time at is further away than a timestamp can be
            at + interval '1 hour'          | long timestamp-micros | 9223372036854775807  | 1000 | event time at + interval '3600000000 microseconds' is further away than a timestamp can be
            _timestamp                      | long                  | 5                    | -9223372036854775808 | event time _timestamp is further away than a timestamp can be
            """)
    void a_record_whose_event_time_is_missing_or_no_timestamp_is_a_dead_letter_and_its_neighbours_are_rows(
            String declared, String type, long value, long kafka, String problem) {
        // Given
        TopicDecoder decoder = decoder(declared, type);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            records.add(i == 2 ? record(type, value, null, kafka, i) : record(type, 5, 5L, KAFKA, i));
        }

        // When
        Decoded decoded = decoder.decode(0, Records.of(records));

        // Then
        assertThat(decoded.rows().getFirst().size()).isEqualTo(4);
        assertThat(decoded.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.reason()).isEqualTo(Rejected.Reason.MISSING_EVENT_TIME);
            assertThat(rejected.offset()).isEqualTo(2);
            assertThat(rejected.message()).isEqualTo(problem);
        });
    }

    @Test
    void a_delete_has_no_event_time_even_if_kafka_says_when_it_was_written() {
        TopicDecoder decoder = decoder("_timestamp", "long");

        Decoded decoded =
                decoder.decode(0, Records.of(List.of(record("long", 5, null, 2_000, 0), tombstone(3_000, 1))));

        Rows rows = decoded.rows().getFirst();
        assertThat(rows.isDelete(1)).isTrue();
        assertThat(List.of(rows.hasEventTime(0), rows.hasEventTime(1))).containsExactly(true, false);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            at                                 | long                  | `at` is a number; say in what it counts, as {field: at, unit: ms}: s, ms, us or ns
            coalesce(other, at)                | int                   | `at` is a number; say in what it counts, as {field: at, unit: ms}: s, ms, us or ns
            at                                 | string                | `at` is text, which no time can be read from; expected a timestamp, a date, or a whole number with its `unit:`
            at                                 | double                | `at` is double precision, which no time can be read from; expected a timestamp, a date, or a whole number with its `unit:`
            at                                 | int time-millis       | `at` is time, which no time can be read from; expected a timestamp, a date, or a whole number with its `unit:`
            to_timestamp(at)                   | long timestamp-millis | `at` is timestamptz, which no time can be read from as a number; expected a timestamp, a date, or a whole number with its `unit:`
            at AT TIME ZONE 'Europe/Amsterdam' | long timestamp-millis | `at` is timestamptz, an instant; only dates and times without a zone are of one that is said
            """)
    void what_is_no_time_is_refused(String declared, String type, String problem) {
        assertThatThrownBy(() -> decoder(declared, type))
                .isInstanceOf(ContractException.class)
                .hasMessage("streams.events.event-time: " + problem);
    }

    private TopicDecoder decoder(String declared, String type) {
        Stream stream = new StreamFixture("events", "topic")
                .key("id")
                .keyFormat(Stream.KeyFormat.STRING)
                .eventTime(TimeExpressionParser.parse(declared))
                .build();
        StreamContract contract = new StreamContract(stream);
        contract.learn(schema(type));
        registry.byId.put(1L, schema(type));
        return new TopicDecoder(
                ContractHistory.ofRegistry(registry), new WireFormat(Stream.Ids.DEFAULT), List.of(contract));
    }

    private static Schema schema(String type) {
        String[] words = type.split(" ");
        String at = words.length == 1
                ? "\"" + type + "\""
                : "{\"type\": \"%s\", \"logicalType\": \"%s\"}".formatted((Object[]) words);
        return new Schema.Parser().parse("""
                {"type": "record", "name": "Event", "fields": [
                  {"name": "id", "type": "string"}, {"name": "at", "type": %s},
                  {"name": "other", "type": ["null", %s], "default": null}]}
                """.formatted(at, MILLIS));
    }

    private static ConsumerRecord<byte[], byte[]> record(String type, long at, Long other, long kafka, long offset) {
        Schema schema = schema(type);
        GenericData.Record event = new GenericData.Record(schema);
        event.put("id", "a");
        event.put("at", type.startsWith("int") ? (Object) (int) at : (Object) at);
        event.put("other", other);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.writeBytes(ByteBuffer.allocate(4).putInt(1).array());
        var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            new GenericDatumWriter<>(schema).write(event, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return record(out.toByteArray(), kafka, offset);
    }

    private static ConsumerRecord<byte[], byte[]> tombstone(long kafka, long offset) {
        return record(null, kafka, offset);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] value, long kafka, long offset) {
        return new ConsumerRecord<>(
                "topic",
                0,
                offset,
                kafka,
                TimestampType.CREATE_TIME,
                1,
                value == null ? -1 : value.length,
                new byte[] {'a'},
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    private static Instant time(Rows rows, int row) {
        long micros = rows.eventTime(row);
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000L);
    }
}
