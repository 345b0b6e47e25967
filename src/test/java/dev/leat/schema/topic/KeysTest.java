package dev.leat.schema.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.registry.FakeRegistry;
import dev.leat.schema.types.AvroBytes;
import dev.leat.schema.types.Rows;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which row a key is of: as a record's field, and as the Avro key of a delete. */
class KeysTest {

    private static final int VALUE = 1;
    private static final int KEY = 2;

    private final FakeRegistry registry = new FakeRegistry();

    /** Every form in which producers write a key, against the column that it deletes from. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // column | key's type | key | the column's value; - if it is none
                "uuid    | string       | 0f8fad5b-d9cb-469f-a165-70867728950e | 0f8fad5b-d9cb-469f-a165-70867728950e",
                "uuid    | string       | 0F8FAD5B-D9CB-469F-A165-70867728950E | 0f8fad5b-d9cb-469f-a165-70867728950e",
                "uuid    | string       | 1-2-3-4-5  | -",
                "uuid    | uuid         | 0f8fad5b-d9cb-469f-a165-70867728950e | 0f8fad5b-d9cb-469f-a165-70867728950e",
                "uuid    | bits         | 0f8fad5b-d9cb-469f-a165-70867728950e | 0f8fad5b-d9cb-469f-a165-70867728950e",
                "uuid    | bytes        | 0f8fad5b-d9cb-469f-a165-70867728950e | 0f8fad5b-d9cb-469f-a165-70867728950e",
                "string  | string       | k          | k",
                "string  | uuid         | 0f8fad5b-d9cb-469f-a165-70867728950e | 0f8fad5b-d9cb-469f-a165-70867728950e",
                "string  | int          | 42         | 42",
                "string  | long         | -42        | -42",
                "string  | enum         | B          | B",
                "string  | boolean      | true       | -",
                "int     | int          | 42         | 42",
                "int     | long         | 42         | 42",
                "int     | long         | 3000000000 | -",
                "int     | string       | 42         | 42",
                "int     | string       | 042        | -",
                "int     | string       | 4e1        | -",
                "int     | string       | x          | -",
                "long    | int          | 42         | 42",
                "long    | long         | 42         | 42",
                "long    | string       | -7         | -7",
                "long    | decimal      | 42.00      | 42",
                "long    | decimal      | 42.50      | -",
                "decimal | decimal      | 42.50      | 42.50",
                "decimal | int          | 42         | 42.00",
                "decimal | string       | 42.5       | 42.50",
                "decimal | string       | 42.505     | -",
                "double  | int          | 42         | 42.0",
                "boolean | boolean      | true       | true",
                "boolean | string       | true       | -",
                "millis  | micros       | 42000      | 42000",
                "date    | date         | 42         | 42",
                "date    | int          | 42         | -",
            })
    void a_delete_reaches_the_row_of_its_key_in_whatever_form_it_is_written(
            String column, String type, String key, String expected) {
        Schema written = type(type);
        Object value = value(type, key);
        Schema nullable = Schema.createUnion(Schema.create(Schema.Type.NULL), written);
        Schema several = Schema.createUnion(Schema.create(Schema.Type.NULL), written, Schema.create(Schema.Type.FLOAT));
        Schema record = Schema.createRecord("Key", null, "t", false);
        record.setFields(
                List.of(new Schema.Field("tenant", Schema.create(Schema.Type.INT)), new Schema.Field("id", nullable)));
        GenericData.Record ofRecord = new GenericData.Record(record);
        ofRecord.put("tenant", 1);
        ofRecord.put("id", value);

        assertThat(deleted(column, written, value)).isEqualTo(expected);
        assertThat(deleted(column, nullable, value)).isEqualTo(expected);
        assertThat(deleted(column, several, value)).isEqualTo(expected);
        assertThat(deleted(column, record, ofRecord)).isEqualTo(expected);
        assertThat(deleted(column, nullable, null)).isNull();
    }

    @Test
    void a_key_of_more_bytes_than_its_schema_says_is_of_no_row() {
        registry.byId.put((long) KEY, Schema.create(Schema.Type.LONG));

        assertThat(decode("long", new byte[] {0, 0, 0, 0, KEY, 2, 2}, null)
                        .rejected()
                        .getFirst()
                        .message())
                .isEqualTo("the key can't be read: 1 bytes are left over after the record");
    }

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void keys_of_different_bytes_are_of_different_rows_or_dead_letters(long seed) {
        Random random = new Random(seed);
        byte[] alphabet = {
            'a',
            'b',
            (byte) 0xc3,
            (byte) 0xa4,
            (byte) 0xff,
            (byte) 0xfe,
            (byte) 0xed,
            (byte) 0xa0,
            (byte) 0xef,
            (byte) 0xbf,
            (byte) 0xbd
        };
        for (String column : List.of("string", "bytes")) {
            Map<String, String> rows = new HashMap<>();
            for (int i = 0; i < 1_000; i++) {
                // Given
                byte[] key = new byte[1 + random.nextInt(4)];
                for (int at = 0; at < key.length; at++) {
                    key[at] = alphabet[random.nextInt(alphabet.length)];
                }
                String of = Arrays.toString(key);
                byte[] avro = ByteBuffer.allocate(1 + key.length)
                        .put((byte) (key.length << 1))
                        .put(key)
                        .array();
                registry.byId.put((long) KEY, Schema.create(Schema.Type.STRING));

                // When
                List<String> met = new ArrayList<>();
                met.add(id(decode(column, "k".getBytes(), framed(VALUE, avro)), false));
                met.add(id(decode(column, framed(KEY, avro), null), true));
                if (column.equals("string")) {
                    met.add(id(decode(column, key, null), true));
                }

                // Then
                met.removeIf(Objects::isNull);
                met.forEach(
                        row -> assertThat(rows.computeIfAbsent(row, r -> of)).isEqualTo(of));
                if (Arrays.equals(new String(key, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), key)) {
                    assertThat(met).as("well-formed").isNotEmpty();
                }
            }
        }
    }

    @Test
    void what_is_ill_formed_in_a_block_of_records_is_a_dead_letter_alone() {
        // Given
        registry.byId.put((long) VALUE, contract("string"));
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            byte[] value = {2, (byte) (i == 4 ? 0xff : 'a' + i)};
            records.add(new ConsumerRecord<>("topic", 0, i, new byte[] {1}, framed(VALUE, value)));
        }

        // When
        Decoded decoded = decoder().decode(0, Records.of(records));

        // Then
        assertThat(decoded.rows().getFirst().size()).isEqualTo(9);
        assertThat(decoded.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.offset()).isEqualTo(4);
            assertThat(rejected.reason()).isEqualTo(Rejected.Reason.UNDECODABLE);
            assertThat(rejected.message()).isEqualTo("field id isn't UTF-8, and different texts would become one");
        });
    }

    /** The key column's value; null for a dead letter. */
    private String deleted(String column, Schema schema, Object key) {
        registry.byId.put((long) KEY, schema);
        return id(decode(column, AvroBytes.framed(KEY, schema, key), null), true);
    }

    private static String id(Decoded decoded, boolean delete) {
        Rows rows = decoded.rows().getFirst();
        if (rows.isEmpty()) {
            assertThat(decoded.rejected()).hasSize(1);
            return null;
        }
        assertThat(rows.isDelete(0)).isEqualTo(delete);
        Object value = rows.vector("id").valueAt(0);
        return value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
    }

    private Decoded decode(String column, byte[] key, byte[] value) {
        registry.byId.put((long) VALUE, column.equals("bytes") ? contract("string") : contract(column));
        StreamContract source = new StreamContract(stream());
        source.learn(contract(column));
        return new TopicDecoder(
                        ContractHistory.ofRegistry(registry), new WireFormat(Stream.Ids.DEFAULT), List.of(source))
                .decode(0, Records.of(List.of(new ConsumerRecord<>("topic", 0, 0, key, value))));
    }

    private TopicDecoder decoder() {
        return new TopicDecoder(
                ContractHistory.ofRegistry(registry),
                new WireFormat(Stream.Ids.DEFAULT),
                List.of(new StreamContract(stream())));
    }

    private static Stream stream() {
        return new StreamFixture("events", "topic").key("id").build();
    }

    private static byte[] framed(int id, byte[] avro) {
        return ByteBuffer.allocate(5 + avro.length)
                .put((byte) 0)
                .putInt(id)
                .put(avro)
                .array();
    }

    private static Schema contract(String column) {
        Schema contract = Schema.createRecord("E", null, "t", false);
        contract.setFields(List.of(new Schema.Field("id", type(column))));
        return contract;
    }

    private static Schema type(String type) {
        return new Schema.Parser()
                .parse(
                        switch (type) {
                            case "uuid" -> "{\"type\": \"string\", \"logicalType\": \"uuid\"}";
                            case "bits" ->
                                "{\"type\": \"fixed\", \"name\": \"Bits\", \"size\": 16, \"logicalType\": \"uuid\"}";
                            case "enum" -> "{\"type\": \"enum\", \"name\": \"Letters\", \"symbols\": [\"A\", \"B\"]}";
                            case "decimal" ->
                                "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 12, \"scale\": 2}";
                            case "millis" -> "{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}";
                            case "micros" -> "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}";
                            case "date" -> "{\"type\": \"int\", \"logicalType\": \"date\"}";
                            default -> '"' + type + '"';
                        });
    }

    private static Object value(String type, String text) {
        return switch (type) {
            case "int", "date" -> Integer.valueOf(text);
            case "long", "micros" -> Long.valueOf(text);
            case "boolean" -> Boolean.valueOf(text);
            case "enum" -> new GenericData.EnumSymbol(type(type), text);
            case "decimal" -> {
                BigInteger unscaled = new BigDecimal(text).setScale(2).unscaledValue();
                yield ByteBuffer.wrap(unscaled.toByteArray());
            }
            case "bytes" -> ByteBuffer.wrap(bits(text));
            case "bits" -> new GenericData.Fixed(type(type), bits(text));
            default -> text;
        };
    }

    private static byte[] bits(String uuid) {
        UUID value = UUID.fromString(uuid);
        return ByteBuffer.allocate(16)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits())
                .array();
    }
}
