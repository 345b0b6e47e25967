package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream.Compatibility;
import dev.leat.pipeline.StreamFixture;
import dev.leat.pipeline.View;
import dev.leat.schema.registry.VersionedRegistry;
import dev.leat.view.deadletter.DeadLetter;
import dev.leat.view.lane.apply.BatchOutcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a table in Postgres can't hold: a verdict on a version or on a record, and the others go on. */
class LimitsOfTablesTest {

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final String KEY = "{\"name\": \"key\", \"type\": \"string\"}";

    private static ViewsFixture database;

    private final String name = "limit" + NAMES.incrementAndGet();
    private final VersionedRegistry registry = new VersionedRegistry();
    private final Pipeline pipeline = pipeline(
            new View.Latest(name + "_l", name, false, Duration.ofDays(1)),
            new View.Latest(name + "_s", name, true, Duration.ofDays(1)),
            new View.Log(name + "_log", name),
            new View.History(name + "_h", name, List.of()));

    @BeforeAll
    static void open() {
        database = new ViewsFixture();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void as_many_columns_as_there_is_room_for_have_views_of_every_kind() {
        // Given
        Schema wide = schema(KEY + fields(1589, "[\"null\", \"long\"]", ", \"default\": null"));
        long id = register(wide);
        ContractLane lane = lane();

        // When
        BatchOutcome.Applied applied = lane.write(List.of(ContractLane.record(id, event(wide, "a"))));

        // Then
        assertThat(messages(applied)).isEmpty();
        for (View view : pipeline.views().values()) {
            assertThat(count(view.name())).as(view.name()).isEqualTo(1);
        }
    }

    @Test
    void a_version_with_more_columns_is_unfit_and_the_others_go_on() {
        Schema narrow = schema(KEY);
        Schema wide = schema(KEY + fields(1595, "[\"null\", \"long\"]", ", \"default\": null"));

        assertUnfit(
                narrow,
                wide,
                "with it the stream has 1596 columns, and a table in Postgres has room for 1590 of them; `nested: json` keeps"
                        + " each record within the record in one column");
    }

    @Test
    void columns_that_were_dropped_count() {
        // Given
        Schema before = schema(KEY + fields(60, "[\"null\", \"int\"]", ", \"default\": null"));
        long first = register(before);
        ContractLane lane = lane();
        lane.write(List.of(ContractLane.record(first, event(before, "a"))));
        for (int i = 0; i < 50; i++) {
            database.run("ALTER TABLE views." + name + "_log ADD COLUMN gone int; ALTER TABLE views." + name
                    + "_log DROP COLUMN gone");
        }
        Schema wide = schema(KEY + fields(1560, "[\"null\", \"int\"]", ", \"default\": null"));

        // When
        long second = register(wide);
        BatchOutcome.Applied applied = lane.write(
                List.of(ContractLane.record(second, event(wide, "b")), ContractLane.record(first, event(before, "c"))));

        // Then
        assertThat(messages(applied)).singleElement().asString().contains("has room for 1540 of them");
        assertThat(count(name + "_log")).isEqualTo(2);
    }

    @Test
    void required_fields_that_fill_more_than_a_row_are_an_unfit_version() {
        assertUnfit(
                schema(KEY),
                schema(KEY + fields(1100, "\"long\"", ", \"default\": 0")),
                "its required fields alone take 8962 bytes of a row, and a row in Postgres has at most 8160; `nested: json` keeps"
                        + " each record within the record in one column");
    }

    @Test
    void a_row_that_is_too_large_is_a_dead_letter() {
        // Given
        Schema schema = schema(KEY + fields(1100, "[\"null\", \"long\"]", ", \"default\": null"));
        long id = register(schema);
        GenericRecord full = event(schema, "full");
        for (int i = 1; i < schema.getFields().size(); i++) {
            full.put(i, 1L);
        }

        // When
        BatchOutcome.Applied applied =
                lane().write(List.of(ContractLane.record(id, full), ContractLane.record(id, event(schema, "b"))));

        // Then
        assertThat(applied.deadLetters())
                .extracting(letter -> letter.offset, letter -> letter.reason, letter -> letter.view)
                .contains(tuple(0L, "REFUSED_BY_VIEW", name + "_log"), tuple(0L, "REFUSED_BY_VIEW", name + "_l"));
        assertThat(messages(applied)).allSatisfy(message -> assertThat(message).contains("row is too big: size"));
        assertThat(count(name + "_log")).isEqualTo(1);
    }

    @Test
    void a_key_that_no_index_holds_is_a_dead_letter_that_names_the_limit() {
        // Given
        Schema schema = schema(KEY);
        long id = register(schema);
        String incompressible = new Random(7)
                .ints(3000, '!', '~')
                .mapToObj(c -> String.valueOf((char) c))
                .collect(Collectors.joining());

        // When
        BatchOutcome.Applied applied = lane().write(List.of(
                ContractLane.record(id, event(schema, incompressible)), ContractLane.record(id, event(schema, "b"))));

        // Then
        assertThat(applied.deadLetters())
                .extracting(letter -> letter.offset, letter -> letter.view)
                .containsExactlyInAnyOrder(tuple(0L, name + "_l"), tuple(0L, name + "_s"), tuple(0L, name + "_h"));
        assertThat(messages(applied)).allSatisfy(message -> assertThat(message)
                .contains("the key is too long: an index of Postgres holds at most 2704 bytes of it; ")
                .contains("index row size"));
        assertThat(count(name + "_l")).isEqualTo(1);
        assertThat(count(name + "_log")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xmin", "ctid", "_time", "_offset", "valid_from", "current"})
    void a_version_with_a_field_that_no_column_can_be_is_unfit(String field) {
        assertUnfit(schema(KEY), schema(KEY + field(field)), field);
    }

    @Test
    void names_that_are_equal_in_their_first_63_bytes_are_unfit() {
        String start = "ä".repeat(31) + "b";

        assertUnfit(schema(KEY), schema(KEY + field(start + "1") + field(start + "2")), "has 64 bytes");
    }

    @Test
    void a_first_version_that_is_unfit_is_a_dead_letter_and_the_next_one_flows() {
        // Given
        ContractLane lane = lane();
        Schema unfit = schema(KEY + field("xmin"));
        Schema fit = schema(KEY + field("x_min"));

        // When
        BatchOutcome.Applied first = lane.write(List.of(ContractLane.record(register(unfit), event(unfit, "a"))));
        BatchOutcome.Applied second = lane.write(List.of(ContractLane.record(register(fit), event(fit, "b"))));

        // Then
        assertThat(messages(first)).singleElement().asString().contains("xmin");
        assertThat(messages(second)).isEmpty();
        assertThat(count(name + "_log")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xmin", "_time", "text", "several"})
    void a_version_that_is_registered_and_never_used_keeps_nothing_from_starting(String what) {
        // Given
        Schema fit = schema(KEY);
        long id = register(fit);
        switch (what) {
            case "text" -> registry.register(name + "-value", "{\"type\": \"object\"}", Compatibility.NONE);
            case "several" -> register(schema(KEY + fields(2000, "[\"null\", \"long\"]", ", \"default\": null")));
            default -> register(schema(KEY + field(what)));
        }

        // When
        BatchOutcome.Applied applied = lane().write(List.of(ContractLane.record(id, event(fit, "a"))));

        // Then
        assertThat(applied.deadLetters()).isEmpty();
        assertThat(count(name + "_log")).isEqualTo(1);
    }

    @Test
    void documentation_that_no_text_can_hold_is_kept_as_near_as_can_be() {
        Schema schema = schema(
                KEY
                        + ", {\"name\": \"a\", \"type\": [\"null\", \"int\"], \"default\": null, \"doc\": \"x\\u0000y\\ud800\"}");
        long id = register(schema);

        assertThat(messages(lane().write(List.of(ContractLane.record(id, event(schema, "a"))))))
                .isEmpty();

        assertThat(database.rows("SELECT columns -> 1 ->> 'doc' FROM leat.view WHERE name = '" + name + "_l'"))
                .isEqualTo(List.of(List.of("x\\0y\ufffd")));
    }

    private void assertUnfit(Schema before, Schema after, String why) {
        // Given
        long first = register(before);
        ContractLane lane = lane();
        lane.write(List.of(ContractLane.record(first, event(before, "a"))));
        List<List<Object>> columns = columns();
        long second = register(after);

        // When
        List<DeadLetter> letters = lane.write(List.of(
                        ContractLane.record(first, event(before, "b")),
                        ContractLane.record(second, event(after, "c")),
                        ContractLane.record(first, event(before, "d"))))
                .deadLetters();
        ContractLane restarted = lane();
        List<DeadLetter> again = restarted
                .write(List.of(
                        ContractLane.record(second, event(after, "e")), ContractLane.record(first, event(before, "f"))))
                .deadLetters();

        // Then
        assertThat(letters).singleElement().satisfies(letter -> {
            assertThat(letter.reason).isEqualTo("UNFIT_VERSION");
            assertThat(letter.message).contains(why);
        });
        assertThat(again).singleElement().satisfies(letter -> assertThat(letter.reason)
                .isEqualTo("UNFIT_VERSION"));
        assertThat(columns()).isEqualTo(columns);
        assertThat(count(name + "_log")).isEqualTo(4);
        assertThat(count(name + "_h")).isEqualTo(4);
    }

    private List<List<Object>> columns() {
        return database.rows("SELECT attrelid::regclass::text, attname::text FROM pg_attribute WHERE attrelid IN"
                + " (SELECT oid FROM pg_class WHERE relname LIKE '" + name + "\\_%') AND attnum > 0 ORDER BY 1, 2");
    }

    private ContractLane lane() {
        return new ContractLane(database, pipeline, registry, name);
    }

    private Pipeline pipeline(View... views) {
        Map<String, View> byName = new LinkedHashMap<>();
        for (View view : views) {
            byName.put(view.name(), view);
        }
        return new Pipeline(
                Map.of(name, new StreamFixture(name, name).key("key").build()), byName);
    }

    private long register(Schema schema) {
        return registry.register(name + "-value", schema.toString(), Compatibility.NONE);
    }

    private static List<String> messages(BatchOutcome.Applied applied) {
        return applied.deadLetters().stream().map(letter -> letter.message).toList();
    }

    private static long count(String view) {
        return (Long)
                database.rows("SELECT count(*) FROM views." + view).getFirst().getFirst();
    }

    private static GenericRecord event(Schema schema, String key) {
        GenericRecord event = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            if (field.hasDefaultValue()) {
                event.put(field.pos(), GenericData.get().getDefaultValue(field));
            }
        }
        event.put("key", key);
        return event;
    }

    private static String field(String name) {
        return ", {\"name\": \"" + name + "\", \"type\": [\"null\", \"int\"], \"default\": null}";
    }

    private static String fields(int count, String type, String value) {
        return IntStream.range(0, count)
                .mapToObj(i -> ", {\"name\": \"f" + i + "\", \"type\": " + type + value + "}")
                .collect(Collectors.joining());
    }

    private static Schema schema(String fields) {
        return new Schema.Parser().parse("{\"type\": \"record\", \"name\": \"t.Wide\", \"fields\": [" + fields + "]}");
    }
}
