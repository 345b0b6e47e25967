package dev.leat.schema.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Rows;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stream's columns become when its contract changes. */
class EvolutionTest {

    private static final Stream STREAM = new StreamFixture("events", "topic").build();

    @ParameterizedTest
    @CsvSource({
        "int, long, LONG",
        "long, int, LONG",
        "int, float, DOUBLE",
        "float, int, DOUBLE",
        "long, double, DOUBLE",
        "double, long, DOUBLE",
        "float, double, DOUBLE"
    })
    void a_number_is_promoted_whichever_comes_first(String first, String second, Kind kind) {
        AvroRows stream = new AvroRows(STREAM);
        stream.rows(record(first, number(first, 3)));

        Rows rows = stream.rows(record(second, number(second, 4)), record(first, number(first, 3)));

        assertThat(rows.vector("v").type().kind()).isEqualTo(kind);
        assertThat(((Number) rows.vector("v").valueAt(0)).intValue()).isEqualTo(4);
        assertThat(((Number) rows.vector("v").valueAt(1)).intValue()).isEqualTo(3);
    }

    /** 2^53 and 2^53 + 1 are one double. */
    @ParameterizedTest
    @CsvSource({
        "long, double, 'field v is double precision, but its column is bigint and tells keys apart'",
        "long, float, 'field v is real, but its column is bigint and tells keys apart'",
        "double, long, 'field v is bigint, but its column is double precision and tells keys apart'",
    })
    void a_key_of_whole_numbers_never_becomes_one_of_doubles(String first, String second, String problem) {
        // Given
        AvroRows stream =
                new AvroRows(new StreamFixture("events", "topic").key("v").build());
        Kind kind =
                stream.rows(record(first, number(first, 3))).vector("v").type().kind();

        // When
        Decoded decoded = stream.decode(
                record(second, number(second, 4)), record(first, number(first, 5)), record(first, number(first, 6)));

        // Then
        assertThat(decoded.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.reason()).isEqualTo(Rejected.Reason.UNFIT_VERSION);
            assertThat(rejected.message()).contains(problem).contains("whole numbers from 2^53 on would become one");
        });
        assertThat(decoded.rows().getFirst().size()).isEqualTo(2);
        assertThat(decoded.rows().getFirst().vector("v").type().kind()).isEqualTo(kind);
    }

    @Test
    void nor_what_duplicates_are_told_by() {
        AvroRows stream = new AvroRows(new StreamFixture("events", "topic")
                .deduplicate(Duration.ofHours(1), "v")
                .build());
        stream.rows(record("long", 3L));

        assertThat(stream.decode(record("double", 4.0)).rejected())
                .extracting(Rejected::message)
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("tells duplicates apart");
    }

    @Test
    void a_key_of_32_bits_may_become_one_of_doubles() {
        AvroRows stream =
                new AvroRows(new StreamFixture("events", "topic").key("v").build());
        stream.rows(record("int", 3));

        assertThat(stream.rows(record("double", 4.5), record("int", 3))
                        .vector("v")
                        .valueAt(1))
                .isEqualTo(3.0);
    }

    @Test
    void text_and_bytes_hold_each_other_and_what_came_first_stays() {
        AvroRows text = new AvroRows(STREAM);
        AvroRows bytes = new AvroRows(STREAM);
        ByteBuffer utf8 = ByteBuffer.wrap("é".getBytes(StandardCharsets.UTF_8));
        text.rows(record("string", "é"));
        bytes.rows(record("bytes", utf8.duplicate()));

        assertThat(text.rows(record("bytes", utf8.duplicate())).vector("v").objectAt(0))
                .isEqualTo("é");
        assertThat((byte[]) bytes.rows(record("string", "é")).vector("v").objectAt(0))
                .isEqualTo(utf8.array());
        assertThat(text.decode(record("bytes", ByteBuffer.wrap(new byte[] {-1})))
                        .rejected()
                        .getFirst()
                        .message())
                .isEqualTo("not a t.E: bytes for a column of text aren't UTF-8");
    }

    @Test
    void a_version_with_fields_that_no_type_holds_is_unfit_and_the_others_go_on() {
        // Given
        Schema text = schema("{\"name\": \"v\", \"type\": \"string\"}, {\"name\": \"w\", \"type\": \"boolean\"},"
                + "{\"name\": \"x\", \"type\": \"int\"}");
        Schema numbers = schema("{\"name\": \"v\", \"type\": \"int\"}, {\"name\": \"w\", \"type\": \"double\"},"
                + "{\"name\": \"x\", \"type\": \"long\"}, {\"name\": \"y\", \"type\": \"int\"}");
        GenericRecord fit = new GenericRecordBuilder(text)
                .set("v", "a")
                .set("w", true)
                .set("x", 1)
                .build();
        GenericRecord unfit = new GenericRecordBuilder(numbers)
                .set("v", 1)
                .set("w", 1.0)
                .set("x", 1L)
                .set("y", 1)
                .build();
        AvroRows stream = new AvroRows(STREAM);
        stream.rows(fit);

        // When
        Decoded decoded = stream.decode(unfit, fit, unfit);

        // Then
        String message =
                "t.E with id 2 is unfit for the stream: field v is integer, but its column is text and can't hold"
                        + " it; field w is double precision, but its column is boolean and can't hold it; to make room for it,"
                        + " give the stream's views other names, restart, and redrive its dead letters";
        assertThat(decoded.rejected())
                .extracting(Rejected::stream, Rejected::schemaId, Rejected::reason, Rejected::message)
                .containsExactly(
                        tuple("events", 2L, Rejected.Reason.UNFIT_VERSION, message),
                        tuple("events", 2L, Rejected.Reason.UNFIT_VERSION, message));
        Rows rows = decoded.rows().getFirst();
        assertThat(rows.size()).isEqualTo(1);
        // Nothing was learnt of it: neither the wider type that would fit, nor the new column.
        assertThat(rows.shape().columns())
                .extracting(column -> column.type().postgres())
                .containsExactly("text", "boolean", "integer");
    }

    @Test
    void a_renamed_field_goes_into_the_column_that_it_had() {
        AvroRows stream = new AvroRows(STREAM);
        Schema renamed = schema("{\"name\": \"w\", \"aliases\": [\"v\"], \"type\": \"long\"}");
        stream.rows(record("int", 1));

        Rows rows = stream.rows(new GenericRecordBuilder(renamed).set("w", 2L).build(), record("int", 3));

        assertThat(rows.shape().columns()).extracting(Column::name).containsExactly("v");
        assertThat(rows.vector("v").longAt(0)).isEqualTo(2);
        assertThat(rows.vector("v").longAt(1)).isEqualTo(3);
    }

    @Test
    void a_field_that_a_younger_contract_calls_otherwise_goes_into_its_column() {
        Schema renamed = schema("{\"name\": \"w\", \"aliases\": [\"v\"], \"type\": \"int\"}");

        Rows rows = new AvroRows(STREAM).learn(renamed).rows(record("int", 3));

        assertThat(rows.shape().columns()).extracting(Column::name).containsExactly("w");
        assertThat(rows.vector("w").longAt(0)).isEqualTo(3);
    }

    @Test
    void names_and_types_that_the_views_have_stay_when_the_process_begins_anew() {
        Schema renamed = schema("{\"name\": \"w\", \"aliases\": [\"v\"], \"type\": \"int\"}");
        List<Column> known = List.of(
                new Column("v", ColumnType.of(Kind.LONG), true, ""),
                new Column("gone", ColumnType.of(Kind.STRING), true, ""));

        Rows rows = new AvroRows(STREAM, known)
                .learn(renamed)
                .rows(new GenericRecordBuilder(renamed).set("w", 2).build());

        assertThat(rows.shape().columns())
                .containsExactly(
                        new Column("v", ColumnType.of(Kind.LONG), true, ""),
                        new Column("gone", ColumnType.of(Kind.STRING), false, ""));
        assertThat(rows.vector("v").longAt(0)).isEqualTo(2);
        assertThat(rows.vector("gone").isNull(0)).isTrue();
    }

    @Test
    void a_removed_field_turns_null_or_its_default() {
        AvroRows stream = new AvroRows(STREAM);
        Schema two = schema("{\"name\": \"v\", \"type\": \"int\"},"
                + "{\"name\": \"day\", \"type\": {\"type\": \"int\", \"logicalType\": \"date\"}, \"default\": 7},"
                + "{\"name\": \"tags\", \"type\": {\"type\": \"array\", \"items\": \"string\"}, \"default\": [\"a\"]},"
                + "{\"name\": \"r\", \"type\": {\"type\": \"record\", \"name\": \"t.R\", \"fields\": ["
                + "{\"name\": \"x\", \"type\": \"string\"}]}, \"default\": {\"x\": \"y\"}},"
                + "{\"name\": \"note\", \"type\": \"string\"}");
        stream.learn(two);

        Rows rows = stream.rows(record("int", 3));

        assertThat(rows.vector("day").longAt(0)).isEqualTo(7);
        assertThat(rows.vector("tags").objectAt(0)).isEqualTo(List.of("a"));
        assertThat(rows.vector("r_x").objectAt(0)).isEqualTo("y");
        assertThat(rows.vector("note").isNull(0)).isTrue();
        assertThat(rows.shape().column("note").required()).isFalse();
    }

    @Test
    void a_logical_type_on_the_field_counts_and_an_unknown_one_does_not() {
        Schema schema = schema("{\"name\": \"at\", \"type\": \"long\", \"logicalType\": \"timestamp-millis\"},"
                + "{\"name\": \"day\", \"type\": [\"null\", \"int\"], \"logicalType\": \"date\"},"
                + "{\"name\": \"price\", \"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 9, \"scale\": 2},"
                + "{\"name\": \"odd\", \"type\": {\"type\": \"long\", \"logicalType\": \"phase-of-the-moon\"}},"
                + "{\"name\": \"wrong\", \"type\": \"string\", \"logicalType\": \"date\"}");

        Rows rows = new AvroRows(STREAM)
                .rows(new GenericRecordBuilder(schema)
                        .set("at", 5L)
                        .set("day", 6)
                        .set("price", ByteBuffer.wrap(new byte[] {1, 0}))
                        .set("odd", 7L)
                        .set("wrong", "w")
                        .build());

        assertThat(rows.shape().columns())
                .extracting(column -> column.type().postgres())
                .containsExactly("timestamptz", "date", "numeric(9,2)", "bigint", "text");
        assertThat(rows.vector("at").longAt(0)).isEqualTo(5000);
        assertThat(rows.vector("day").longAt(0)).isEqualTo(6);
    }

    @Test
    void arrays_go_on_as_json_into_a_column_that_stands_as_json() {
        // Given
        Schema tagged = schema("{\"name\": \"tags\", \"type\": {\"type\": \"array\", \"items\": \"string\"},"
                + " \"default\": [\"none\"]}");
        Schema other = schema("{\"name\": \"v\", \"type\": \"int\"}");
        AvroRows stream =
                new AvroRows(STREAM, List.of(new Column("tags", ColumnType.of(Kind.JSON), true, ""))).learn(tagged);

        // When
        Rows rows = stream.rows(
                new GenericRecordBuilder(tagged).set("tags", List.of("a", "b")).build(),
                new GenericRecordBuilder(other).set("v", 1).build());

        // Then
        assertThat(rows.vector("tags").type().kind()).isEqualTo(Kind.JSON);
        assertThat(rows.vector("tags").objectAt(0)).isEqualTo("[\"a\",\"b\"]");
        assertThat(rows.vector("tags").objectAt(1)).isEqualTo("[\"none\"]");
    }

    @Test
    void nested_records_are_json_where_the_stream_says_so() {
        Schema schema = schema("{\"name\": \"r\", \"type\": {\"type\": \"record\", \"name\": \"t.R\", \"fields\": ["
                + "{\"name\": \"day\", \"type\": {\"type\": \"int\", \"logicalType\": \"date\"}}]}}");
        GenericRecord record = new GenericRecordBuilder(schema)
                .set(
                        "r",
                        new GenericRecordBuilder(schema.getField("r").schema())
                                .set("day", 0)
                                .build())
                .build();
        Stream json =
                new StreamFixture("events", "topic").nested(Stream.Nested.JSON).build();

        assertThat(new AvroRows(json).rows(record).vector("r").objectAt(0)).isEqualTo("{\"day\":\"1970-01-01\"}");
        assertThat(new AvroRows(STREAM).rows(record).vector("r_day").longAt(0)).isZero();
    }

    @Test
    void nanoseconds_are_a_fit_event_time_and_order_events_to_the_last_of_them() {
        Schema schema =
                schema("{\"name\": \"at\", \"type\": {\"type\": \"long\", \"logicalType\": \"timestamp-nanos\"}}");
        Stream timed = new StreamFixture("events", "topic").eventTime("at").build();

        Rows rows = new AvroRows(timed)
                .rows(
                        new GenericRecordBuilder(schema).set("at", -1L).build(),
                        new GenericRecordBuilder(schema).set("at", -2L).build());

        assertThat(rows.eventTime(0)).isEqualTo(-1);
        assertThat(rows.isNotOlder(1, 0)).isFalse();
        assertThat(rows.isNotOlder(0, 1)).isTrue();
    }

    @Test
    void a_value_that_is_nested_too_deep_is_refused() {
        Schema schema = new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"t.Node\", \"fields\": ["
                        + "{\"name\": \"next\", \"type\": [\"null\", \"t.Node\"]}]}");
        byte[] nodes = new byte[1500];
        Arrays.fill(nodes, (byte) 2); // the second branch, again and again

        assertThat(new AvroRows(STREAM)
                        .decode(schema, nodes)
                        .rejected()
                        .getFirst()
                        .message())
                .startsWith("not a t.Node: a value is nested too deep: ");
    }

    private static Schema schema(String fields) {
        return new Schema.Parser().parse("{\"type\": \"record\", \"name\": \"t.E\", \"fields\": [" + fields + "]}");
    }

    private static GenericRecord record(String type, Object value) {
        return new GenericRecordBuilder(schema("{\"name\": \"v\", \"type\": \"" + type + "\"}"))
                .set("v", value)
                .build();
    }

    private static Object number(String type, int value) {
        return switch (type) {
            case "int" -> value;
            case "long" -> (long) value;
            case "float" -> (float) value;
            default -> (double) value;
        };
    }
}
