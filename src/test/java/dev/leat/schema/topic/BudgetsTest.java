package dev.leat.schema.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.FakeRegistry;
import dev.leat.schema.types.avro.AvroLimits;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What records and contracts claim, against what they may cost: read, skipped, shown and planned. */
class BudgetsTest {

    private static final long QUINTILLION = 1L << 60;

    private final FakeRegistry registry = new FakeRegistry();
    private AvroLimits limits = AvroLimits.DEFAULT;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\": \"array\", \"items\": \"null\"}",
                "{\"type\": \"array\", \"items\": {\"type\": \"fixed\", \"name\": \"Zero\", \"size\": 0}}",
                "{\"type\": \"array\", \"items\": {\"type\": \"record\", \"name\": \"Empty\", \"fields\": []}}",
                "{\"type\": \"array\", \"items\": {\"type\": \"record\", \"name\": \"Nulls\", \"fields\": ["
                        + "{\"name\": \"a\", \"type\": \"null\"}, {\"name\": \"b\", \"type\": \"null\"}]}}",
                "{\"type\": \"array\", \"items\": \"int\"}",
                "{\"type\": \"array\", \"items\": [\"null\", \"string\"]}",
                "{\"type\": \"map\", \"values\": \"null\"}",
                "{\"type\": \"map\", \"values\": \"bytes\"}"
            })
    void items_without_bytes_are_counted_before_any_is_read(String type) {
        String expected = "it claims 115292150460684697";
        for (byte[] block : List.of(
                bytes(Mutations.varint(QUINTILLION), new byte[20]),
                bytes(Mutations.varint(-QUINTILLION), Mutations.varint(18), new byte[20]))) {
            assertThat(read(Stream.Nested.FLAT, field(type), block)).contains(expected);
            assertThat(read(Stream.Nested.JSON, field(type), block)).contains(expected);
            assertThat(skipped(field(type), block)).contains(expected);
            assertThat(shown(field(type), block)).contains(expected);
        }
        assertThat(read(Stream.Nested.FLAT, field(type), Mutations.varint(Long.MIN_VALUE)))
                .contains("a block claims -9223372036854775808 items");
    }

    @Test
    void many_small_blocks_in_each_other_share_one_budget() {
        // Given: 4,000 arrays of 1,000 nulls each, of four bytes
        byte[] inner = bytes(Mutations.varint(1000), new byte[1]);
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.writeBytes(Mutations.varint(4000));
        for (int i = 0; i < 4000; i++) {
            value.writeBytes(inner);
        }
        value.write(0);
        String type = "{\"type\": \"array\", \"items\": {\"type\": \"array\", \"items\": \"null\"}}";

        // When, then
        assertThat(read(Stream.Nested.FLAT, field(type), value.toByteArray()))
                .contains("values, where a record of 12003 bytes may have 106024 (leat.decode.free-values)");
        assertThat(skipped(field(type), value.toByteArray())).contains("(leat.decode.free-values)");
    }

    @Test
    void as_many_values_without_bytes_as_the_setting_says_are_read() {
        limits = new AvroLimits(1000, 100, 3, 1000);

        byte[] four = bytes(Mutations.varint(19), new byte[1]); // 2 bytes: 16 and 3
        byte[] five = bytes(Mutations.varint(20), new byte[1]);

        assertThat(read(Stream.Nested.FLAT, field("{\"type\": \"array\", \"items\": \"null\"}"), four))
                .isEqualTo("read");
        assertThat(read(Stream.Nested.FLAT, field("{\"type\": \"array\", \"items\": \"null\"}"), five))
                .contains("it claims 20 values, where a record of 2 bytes may have 19");
    }

    @Test
    void a_block_that_does_not_end_where_it_says_is_refused() {
        byte[] block = bytes(Mutations.varint(-2), Mutations.varint(3), new byte[] {2, 4, 0, 0});

        assertThat(read(Stream.Nested.FLAT, field("{\"type\": \"array\", \"items\": \"int\"}"), block))
                .contains("a block of items ends 1 bytes before where it says");
    }

    @Test
    void a_value_that_goes_deeper_than_the_stack_is_refused_wherever_it_is_met() throws Exception {
        String node = "{\"type\": \"record\", \"name\": \"Node\", \"fields\": ["
                + "{\"name\": \"next\", \"type\": [\"null\", \"Node\"]}]}";
        String lists = "{\"type\": \"record\", \"name\": \"Lists\", \"fields\": ["
                + "{\"name\": \"more\", \"type\": {\"type\": \"array\", \"items\": \"Lists\"}}]}";
        String unions = "{\"type\": \"record\", \"name\": \"Unions\", \"fields\": ["
                + "{\"name\": \"more\", \"type\": [\"null\", \"int\", {\"type\": \"map\", \"values\": \"Unions\"}, \"Unions\"]}]}";
        byte[] nodes = filled(800_000, 2);
        byte[] branches = filled(800_000, 6);

        onSmallStack(() -> {
            for (String[] each : new String[][] {{node, "2"}, {lists, "2"}, {unions, "6"}}) {
                byte[] value = each[1].equals("2") ? nodes : branches;
                String expected =
                        "a value is nested too deep: 501 levels, where 500 are allowed (leat.decode.max-depth)";
                assertThat(read(Stream.Nested.FLAT, field(each[0]), value)).contains(expected);
                assertThat(read(Stream.Nested.JSON, field(each[0]), value)).contains(expected);
                assertThat(skipped(field(each[0]), value)).contains(expected);
                assertThat(shown(field(each[0]), value)).contains(expected);
            }
        });
    }

    @Test
    void records_that_hold_each_other_twice_on_many_levels_cost_what_their_bytes_allow() {
        // Given: no bytes at all, and 2^24 nulls
        String type = "[" + doubled(24, "\"null\"", "") + "]";
        Schema twice = new Schema.Parser().parse(type).getTypes().getLast();

        // When, then
        assertThat(read(Stream.Nested.JSON, twice, new byte[] {}))
                .contains("EMPTY_VALUE")
                .doesNotContain("claims");
        assertThat(read(Stream.Nested.JSON, record("T", List.of("\"int\"", "\"L24\""), type), new byte[] {2}))
                .contains("which is the most for a record of 1 bytes (leat.decode.max-json)");
    }

    @Test
    void types_that_are_used_twice_on_each_level_do_not_become_columns_without_end() {
        String type = "[" + doubled(24, "\"int\"", "") + "]";
        Schema twice = new Schema.Parser().parse(type).getTypes().getLast();

        assertThatThrownBy(() -> new StreamContract(stream(Stream.Nested.FLAT)).learn(twice))
                .isInstanceOf(ContractException.class)
                .hasMessage(
                        "L24 has more than 1600 fields with those of the records in it, and that is as many columns"
                                + " as a table can have; make them one column of JSON with `nested: json`, or split the contract");
        assertThat(read(Stream.Nested.FLAT, twice, new byte[] {0}))
                .startsWith("UNFIT_VERSION L24 with id 1 is unfit for the stream: L24 has more than 1600 fields");
    }

    @Test
    void aliases_on_each_level_do_not_become_names_without_end() {
        String type = "["
                + doubled(24, "\"int\"", ", \"aliases\": [\"was\"]").replaceAll(", \\{\"name\": \"b\"[^}]*}", "") + "]";
        Schema aliased = new Schema.Parser().parse(type).getTypes().getLast();

        assertThat(read(Stream.Nested.FLAT, aliased, new byte[] {0}))
                .contains(
                        "may have had 1024 names by its aliases and those of the records around it, and at most 1000");
    }

    @Test
    void a_chain_of_types_that_is_longer_than_the_stack_is_an_unfit_version() throws Exception {
        String chain = IntStream.rangeClosed(1, 700)
                .mapToObj(i ->
                        "{\"type\": \"record\", \"name\": \"C" + i + "\", \"fields\": [{\"name\": \"f\", \"type\": "
                                + (i == 1 ? "\"int\"" : "\"C" + (i - 1) + "\"") + "}]}")
                .collect(Collectors.joining(",", "[", "]"));
        Schema last = new Schema.Parser().parse(chain).getTypes().getLast();

        onSmallStack(() -> {
            assertThat(read(Stream.Nested.FLAT, last, new byte[] {0}))
                    .startsWith("UNFIT_VERSION")
                    .contains("more than 500");
            assertThat(read(Stream.Nested.JSON, last, new byte[] {0}))
                    .startsWith("UNFIT_VERSION")
                    .contains("more than 500");
        });
    }

    @Test
    void digits_are_counted_before_they_are_written_out() {
        // Given
        String any = "{\"type\": \"bytes\", \"logicalType\": \"big-decimal\"}";
        byte[] tiny = bigDecimal(new byte[] {1}, 1_000_000_000);
        byte[] huge = bigDecimal(new byte[] {1}, -1_000_000_000);
        byte[] least = bigDecimal(new byte[] {1}, Integer.MIN_VALUE);
        byte[] million = bigDecimal(filled(415_242, 1), 0);

        // When, then
        for (byte[] value : List.of(tiny, huge, least, million)) {
            assertThat(read(Stream.Nested.FLAT, field(any), value))
                    .contains("digits, written out, where 16383 are allowed (leat.decode.max-digits)");
            assertThat(shown(field(any), value)).contains("(leat.decode.max-digits)");
        }
        assertThat(read(Stream.Nested.FLAT, field(any), tiny)).contains("a decimal has 1000000001 digits");
        assertThat(read(
                        Stream.Nested.FLAT,
                        field(
                                "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 131072, \"scale\": 0}"),
                        bytes(Mutations.varint(415_242), filled(415_242, 1))))
                .contains("a decimal has 1000001 digits");
    }

    @Test
    void a_decimal_of_more_digits_than_postgres_has_is_an_unfit_version_at_any_depth() {
        String decimal =
                "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 1000000000, \"scale\": 1000000000}";

        for (String type : List.of(
                decimal,
                "[\"null\", " + decimal + "]",
                "{\"type\": \"map\", \"values\": {\"type\": \"array\", \"items\": " + decimal + "}}",
                "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"x\", \"type\": " + decimal
                        + "}]}")) {
            assertThat(read(Stream.Nested.JSON, field(type), new byte[] {2, 1}))
                    .startsWith("UNFIT_VERSION")
                    .contains(
                            "has a decimal of precision 1000000000 and scale 1000000000, and Postgres's numeric has at"
                                    + " most 131072 digits before the point and 16383 after it");
        }
    }

    @Test
    void json_is_not_longer_than_the_bytes_that_it_is_made_of_allow() {
        // Given: a thousand records of a byte, whose only field has a name of 1,000 characters
        String type = "{\"type\": \"array\", \"items\": {\"type\": \"record\", \"name\": \"R\", \"fields\": ["
                + "{\"name\": \"" + "n".repeat(1000) + "\", \"type\": \"boolean\"}]}}";
        byte[] value = bytes(Mutations.varint(1000), new byte[1001]);

        // When, then
        assertThat(read(Stream.Nested.FLAT, field(type), value))
                .contains("its JSON is longer than 322304 characters, which is the most for a record of 1003 bytes"
                        + " (leat.decode.max-json)");
        assertThat(shown(field(type), value)).contains("(leat.decode.max-json)");
        limits = AvroLimits.DEFAULT.withJson(1000);
        assertThat(read(Stream.Nested.FLAT, field(type), bytes(Mutations.varint(1), new byte[2])))
                .contains("its JSON is longer than 1000 characters");
    }

    /** Levels of records, each of which has the one before it twice. */
    private static String doubled(int levels, String innermost, String more) {
        return IntStream.rangeClosed(0, levels)
                .mapToObj(level -> {
                    String type = level == 0 ? innermost : "\"L" + (level - 1) + "\"";
                    return "{\"type\": \"record\", \"name\": \"L" + level
                            + "\", \"fields\": [{\"name\": \"a\", \"type\": " + type + more
                            + "}, {\"name\": \"b\", \"type\": " + type + more + "}]}";
                })
                .collect(Collectors.joining(", "));
    }

    private static Schema record(String name, List<String> types, String known) {
        String fields = IntStream.range(0, types.size())
                .mapToObj(i -> "{\"name\": \"f" + i + "\", \"type\": " + types.get(i) + "}")
                .collect(Collectors.joining(", "));
        return new Schema.Parser()
                .parse(known.substring(0, known.length() - 1) + ", {\"type\": \"record\", \"name\": \"" + name
                        + "\", \"fields\": [" + fields + "]}]")
                .getTypes()
                .getLast();
    }

    private static Schema field(String type) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"E\", \"fields\": [{\"name\": \"v\", \"type\": " + type
                        + "}]}");
    }

    private static Stream stream(Stream.Nested nested) {
        return new StreamFixture("events", "topic").nested(nested).build();
    }

    /** The dead letter's reason and message; else "read". */
    private String read(Stream.Nested nested, Schema schema, byte[] value) {
        return decode(stream(nested), schema, value);
    }

    /** The same where the value is a field beside the row that nobody reads. */
    private String skipped(Schema schema, byte[] value) {
        Schema envelope = new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"Envelope\", \"fields\": ["
                        + "{\"name\": \"transaction\", \"type\": " + schema + "},"
                        + "{\"name\": \"before\", \"type\": [\"null\", {\"type\": \"record\", \"name\": \"Row\", \"fields\": ["
                        + "{\"name\": \"x\", \"type\": \"int\"}]}]}, {\"name\": \"after\", \"type\": [\"null\", \"Row\"]},"
                        + "{\"name\": \"op\", \"type\": \"string\"}]}");
        return decode(
                new StreamFixture("events", "topic")
                        .unwrap(Stream.Unwrap.DEBEZIUM)
                        .build(),
                envelope,
                value);
    }

    private String decode(Stream stream, Schema schema, byte[] value) {
        Decoded decoded = new TopicDecoder(
                        ContractHistory.ofRegistry(registered(schema)),
                        new WireFormat(Stream.Ids.DEFAULT),
                        List.of(new StreamContract(stream)),
                        limits)
                .decode(0, Records.of(Collections.nCopies(1, record(value))));
        return decoded.rejected().stream()
                .map(rejected -> rejected.reason() + " " + rejected.message())
                .findFirst()
                .orElse("read");
    }

    private String shown(Schema schema, byte[] value) {
        Inspection shown = new RecordInspector(registered(schema), limits)
                .value(record(value), new WireFormat(Stream.Ids.DEFAULT));
        return shown.problem() == null ? shown.json() : shown.problem();
    }

    private FakeRegistry registered(Schema schema) {
        registry.byId.put(1L, schema);
        return registry;
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] value) {
        byte[] framed = value.length == 0 ? new byte[0] : bytes(new byte[] {0, 0, 0, 0, 1}, value);
        return new ConsumerRecord<>("topic", 0, 0, "k".getBytes(StandardCharsets.UTF_8), framed);
    }

    private static byte[] bigDecimal(byte[] unscaled, int scale) {
        byte[] value = bytes(bytes(Mutations.varint(unscaled.length), unscaled), Mutations.varint(scale));
        return bytes(Mutations.varint(value.length), value);
    }

    private static byte[] filled(int length, int with) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    private static byte[] bytes(byte[]... parts) {
        ByteBuffer all =
                ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }

    private static void onSmallStack(Runnable work) throws InterruptedException {
        Throwable[] failure = new Throwable[1];
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        work.run();
                    } catch (Throwable e) {
                        failure[0] = e;
                    }
                },
                "small",
                512 << 10);
        thread.start();
        thread.join();
        if (failure[0] != null) {
            throw new AssertionError(failure[0]);
        }
    }
}
