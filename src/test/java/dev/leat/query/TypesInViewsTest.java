package dev.leat.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leat.catalog.ViewTable;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.pipeline.View;
import dev.leat.query.value.ColumnJson;
import dev.leat.schema.topic.AvroRows;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.TypeSamples;
import dev.leat.schema.types.TypeSamples.Sample;
import dev.leat.schema.types.TypeSamples.Value;
import dev.leat.stack.Deadline;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.writer.RowRefusal;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** From Avro's own writer through our decoder and Postgres to the JSON that REST answers with. */
class TypesInViewsTest {

    private static final AtomicInteger VIEWS = new AtomicInteger();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static ViewsFixture views;

    private final View view = new View.Log("types_" + VIEWS.incrementAndGet(), "events");
    private final Stream stream = new StreamFixture("events", "topic").build();

    @BeforeAll
    static void open() {
        views = new ViewsFixture();
    }

    @AfterAll
    static void close() {
        views.close();
    }

    static List<Sample> every_type() {
        return TypeSamples.all();
    }

    @ParameterizedTest
    @MethodSource
    void every_type(Sample sample) throws JsonProcessingException {
        // Given
        Rows rows = new AvroRows(stream).rows(sample.records());

        // When
        views.view(stream, view, rows).apply(rows);

        // Then
        List<JsonNode> answers = answers();
        for (int i = 0; i < sample.values().size(); i++) {
            Value value = sample.values().get(i);
            assertThat(answers.get(i).get("v").toString())
                    .as("%s of %s", value.json(), sample)
                    .isEqualTo(JSON.readTree(value.json()).toString());
            if (sample.hasOptional()) {
                assertThat(answers.get(i).get("o")).isEqualTo(answers.get(i).get("v"));
            }
        }
        if (sample.hasOptional()) {
            assertThat(answers.getLast().get("o").isNull()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'\"int\"', '\"long\"', bigint",
        "'\"int\"', '\"double\"', double precision",
        "'\"float\"', '\"double\"', double precision",
        "'{\"type\": \"array\", \"items\": \"int\"}', '{\"type\": \"array\", \"items\": \"long\"}', bigint[]",
    })
    void a_promoted_column_is_widened_under_its_readers(String before, String after, String postgres)
            throws JsonProcessingException {
        // Given
        AvroRows events = new AvroRows(stream);
        Rows narrow = events.rows(record(before, 7));
        views.view(stream, view, narrow).apply(narrow);
        List<JsonNode> first = answers();

        // When
        Rows wide = events.rows(record(after, 8), record(before, 9));
        views.view(stream, view, wide).apply(wide);

        // Then
        List<JsonNode> answers = answers();
        assertThat(first.getFirst().get("v").toString()).contains("7");
        assertThat(answers)
                .extracting(row -> row.get("v").toString().replaceAll("[^0-9.]|\\.0", ""))
                .containsExactly("7", "8", "9");
        assertThat(views.catalogued(view.name()).columns().getFirst().type().postgres())
                .isEqualTo(postgres);
        // A column of a lane that hasn't met the wider type yet fits all the same.
        Rows late =
                new AvroRows(stream).rows(record(before, 6), record(before, 6), record(before, 6), record(before, 5));
        views.view(stream, view, late).apply(late.select(new int[] {3}));
        assertThat(answers().getLast().get("v").toString()).contains("5");
        assertThat(views.catalogued(view.name()).columns().getFirst().type().postgres())
                .isEqualTo(postgres);
    }

    private static GenericRecord record(String type, int value) {
        Schema v = new Schema.Parser().parse(type);
        Schema schema = Schema.createRecord("Sample", null, "t", false, List.of(new Schema.Field("v", v)));
        Schema simple = v.getType() == Schema.Type.ARRAY ? v.getElementType() : v;
        Object datum =
                switch (simple.getType()) {
                    case INT -> value;
                    case LONG -> (long) value;
                    case FLOAT -> (float) value;
                    default -> (double) value;
                };
        return new GenericRecordBuilder(schema)
                .set("v", simple == v ? datum : List.of(datum))
                .build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int    | date                   | 2147483647           | a time is out of Postgres's range: day 2147483647",
                "int    | date                   | -2147483648          | a time is out of Postgres's range: day -2147483648",
                "int    | date                   | -2440589             | a time is out of Postgres's range: day -2440589",
                "int    | time-millis            | -1                   | a time is out of Postgres's range: -1000 micro",
                "int    | time-millis            | 86400000             | a time is out of Postgres's range: 86400000000",
                "long   | time-micros            | 9223372036854775807  | a time is out of Postgres's range: 9223372036854",
                "long   | timestamp-micros       | -9223372036854775808 | a time is out of Postgres's range: -92233720368",
                "long   | timestamp-micros       | -210866803200000001  | a time is out of Postgres's range: -21086680320",
                "long   | timestamp-millis       | -210866803200001     | a time is out of Postgres's range: -21086680320",
                "long   | local-timestamp-micros | -210866803200000001  | a time is out of Postgres's range: -21086680320",
            })
    void a_time_that_postgres_cannot_hold_is_refused(String base, String logical, long number, String why) {
        Schema type = new Schema.Parser().parse("{\"type\": \"" + base + "\", \"logicalType\": \"" + logical + "\"}");
        Object datum = base.equals("int") ? (Object) (int) number : (Object) number;
        assertThat(refusal(type, datum)).startsWith(why);
        assertThat(refusal(Schema.createArray(type), List.of(datum))).startsWith(why);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"string\"', 22021",
        "'{\"type\": \"array\", \"items\": \"string\"}', 22021",
        "'[\"string\", \"int\"]', 22P05"
    })
    void a_text_that_postgres_cannot_hold_is_refused(String type, String state) {
        Schema schema = new Schema.Parser().parse(type);
        Object datum = schema.getType() == Schema.Type.ARRAY ? List.of("a\0b") : "a\0b";
        assertThat(refusal(schema, datum)).contains(state);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "0, -1"})
    void a_duration_that_postgres_cannot_hold_is_refused(int months, int days) {
        Sample duration = TypeSamples.all().stream()
                .filter(sample -> sample.avro().startsWith("duration"))
                .findFirst()
                .orElseThrow();
        Object datum = TypeSamples.duration(duration.type(), months, days, 0);
        assertThat(refusal(duration.type(), datum)).contains("22");
    }

    private String refusal(Schema type, Object datum) {
        Schema schema = Schema.createRecord("Sample", null, "t", false, List.of(new Schema.Field("v", type)));
        Rows rows = new AvroRows(stream)
                .rows(new GenericRecordBuilder(schema).set("v", datum).build());
        View fresh = new View.Log("types_" + VIEWS.incrementAndGet(), "events");
        Throwable failure = catchThrowable(() -> views.view(stream, fresh, rows).apply(rows));
        assertThat(views.rows("SELECT * FROM views." + fresh.name())).isEmpty();
        return RowRefusal.of(failure).orElseThrow(() -> new AssertionError("no refusal", failure));
    }

    private List<JsonNode> answers() throws JsonProcessingException {
        ViewTable table = views.catalogued(view.name());
        ViewSelect select = ViewSelect.of(new ViewQuery(table, table.columns(), List.of(), List.of(), 1000));
        List<JsonNode> answers = new ArrayList<>();
        for (Row row : views.pool()
                .preparedQuery(select.sql())
                .execute(Tuple.tuple(select.parameters()))
                .await()
                .atMost(Deadline.GENEROUS)) {
            answers.add(JSON.readTree(JSON.writeValueAsString(ColumnJson.row(row, table.columns()))));
        }
        return answers;
    }
}
