package dev.leat.schema.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.topic.DecoderFixture;
import dev.leat.schema.topic.Rejected;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.Rows;
import dev.leat.schema.wire.Records;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that are read together, against the same records read one by one. */
class RecordBlockTest {

    private static final int RECORDS = 300;
    private static final int MOST_FIELDS = 25;
    private static final List<String> TYPES = List.of(
            "\"boolean\"",
            "\"int\"",
            "\"long\"",
            "\"float\"",
            "\"double\"",
            "\"string\"",
            "\"bytes\"",
            "{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}",
            "{\"type\": \"int\", \"logicalType\": \"date\"}",
            "{\"type\": \"array\", \"items\": \"string\"}",
            "{\"type\": \"record\", \"name\": \"Inner\", \"fields\": [{\"name\": \"s\", \"type\": \"string\"},"
                    + " {\"name\": \"n\", \"type\": [\"null\", \"long\"]}]}");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void records_read_together_are_what_each_is_alone(long seed) throws IOException {
        // Given
        Random random = new Random(seed);
        Schema schema = schema(random);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            records.add(new ConsumerRecord<>("topic", 0, i, null, value(schema, random)));
        }

        // When
        Decoded together = decoder(schema).decode(0, Records.of(records));

        // Then
        assertIsWhatEachIsAlone(schema, records, together);
        assertThat(together.rejected()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void a_broken_record_among_them_is_told_as_if_it_were_alone(long seed) throws IOException {
        // Given
        Random random = new Random(seed);
        Schema schema = schema(random);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            byte[] value = value(schema, random);
            records.add(
                    new ConsumerRecord<>("topic", 0, i, null, random.nextInt(50) == 0 ? broken(value, random) : value));
        }

        // When
        Decoded together = decoder(schema).decode(0, Records.of(records));

        // Then
        assertIsWhatEachIsAlone(schema, records, together);
    }

    private static void assertIsWhatEachIsAlone(
            Schema schema, List<ConsumerRecord<byte[], byte[]>> records, Decoded together) {
        TopicDecoder alone = decoder(schema);
        List<Object> expected = new ArrayList<>();
        List<Rejected> refused = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Decoded one = alone.decode(0, Records.of(List.of(record)));
            expected.addAll(values(one.rows().getFirst()));
            refused.addAll(one.rejected());
        }
        assertThat(together.rejected()).usingRecursiveComparison().isEqualTo(refused);
        assertThat(values(together.rows().getFirst())).isEqualTo(expected);
    }

    private static List<Object> values(Rows rows) {
        List<Object> values = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            List<Object> ofRow = new ArrayList<>(List.of(rows.offset(row)));
            for (int column = 0; column < rows.shape().size(); column++) {
                Object value = rows.vector(column).valueAt(row);
                ofRow.add(value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value);
            }
            values.add(ofRow);
        }
        return values;
    }

    private static TopicDecoder decoder(Schema schema) {
        return new DecoderFixture(new StreamFixture("events", "topic").build(), schema.toString()).decoder();
    }

    /** Of simple values for the most part, and each of them optional or not. */
    private static Schema schema(Random random) {
        List<String> fields = new ArrayList<>();
        boolean hasInner = false;
        for (int i = 0; i < 1 + random.nextInt(MOST_FIELDS); i++) {
            int kind = random.nextInt(TYPES.size() - (hasInner ? 1 : 0));
            hasInner |= kind == TYPES.size() - 1;
            String type = TYPES.get(kind);
            String wrapped =
                    switch (random.nextInt(4)) {
                        case 0 -> "[\"null\", " + type + "]";
                        case 1 -> "[" + type + ", \"null\"]";
                        default -> type;
                    };
            fields.add("{\"name\": \"f" + i + "\", \"type\": " + wrapped + "}");
        }
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"E\", \"fields\": [" + String.join(",", fields) + "]}");
    }

    private static byte[] value(Schema schema, Random random) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, 0, 0, 7});
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(random(schema, random), encoder);
        encoder.flush();
        return out.toByteArray();
    }

    /** Values of every length that their encoding has. */
    private static Object random(Schema schema, Random random) {
        return switch (schema.getType()) {
            case BOOLEAN -> random.nextBoolean();
            case INT -> random.nextInt() >> random.nextInt(32);
            case LONG ->
                schema.getLogicalType() == null
                        ? random.nextLong() >> random.nextInt(64)
                        : random.nextLong() >> 10 + random.nextInt(54);
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble();
            case STRING -> text(random);
            case BYTES -> ByteBuffer.wrap(new byte[random.nextInt(5)]);
            case ARRAY -> List.of(text(random), text(random));
            case UNION -> random(schema.getTypes().get(random.nextInt(2)), random);
            case NULL -> null;
            case RECORD -> {
                GenericData.Record record = new GenericData.Record(schema);
                schema.getFields().forEach(field -> record.put(field.pos(), random(field.schema(), random)));
                yield record;
            }
            default -> throw new IllegalStateException(schema + " isn't one of those that are tried");
        };
    }

    private static String text(Random random) {
        String letters = random.nextInt(4) == 0 ? "aé漢😀" : "abc";
        int length = random.nextInt(random.nextInt(20) == 0 ? 5000 : 40);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.appendCodePoint(letters.codePointAt(
                    letters.offsetByCodePoints(0, random.nextInt(letters.codePointCount(0, letters.length())))));
        }
        return text.toString();
    }

    /** Shorter, longer, or another byte somewhere; its schema stays what it is. */
    private static byte[] broken(byte[] value, Random random) {
        switch (random.nextInt(3)) {
            case 0 -> {
                return Arrays.copyOf(value, 5 + random.nextInt(value.length - 4));
            }
            case 1 -> {
                return Arrays.copyOf(value, value.length + 1 + random.nextInt(20));
            }
            default -> {
                byte[] other = value.clone();
                if (other.length > 5) {
                    other[5 + random.nextInt(other.length - 5)] = (byte) random.nextInt();
                }
                return other;
            }
        }
    }
}
