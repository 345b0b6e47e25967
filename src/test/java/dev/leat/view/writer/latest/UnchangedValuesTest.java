package dev.leat.view.writer.latest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.pipeline.View;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnRows;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.view.lane.ViewsFixture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Debezium's placeholders in every form that its connector for Postgres gives them, in one batch and in several. */
class UnchangedValuesTest {

    private static final String TEXT = "__debezium_unavailable_value";
    private static final byte[] BYTES = TEXT.getBytes(StandardCharsets.UTF_8);

    private static final Shape SHAPE = new Shape(List.of(
            column("id", ColumnType.of(Kind.LONG)),
            column("text", ColumnType.of(Kind.STRING)),
            column("json", ColumnType.of(Kind.STRING)),
            column("base64", ColumnType.of(Kind.STRING)),
            column("hex", ColumnType.of(Kind.STRING)),
            column("raw", ColumnType.of(Kind.BYTES)),
            column("texts", ColumnType.arrayOf(ColumnType.of(Kind.STRING))),
            column("raws", ColumnType.arrayOf(ColumnType.of(Kind.BYTES))),
            column("ints", ColumnType.arrayOf(ColumnType.of(Kind.INT))),
            column("longs", ColumnType.arrayOf(ColumnType.of(Kind.LONG))),
            column("uuids", ColumnType.arrayOf(ColumnType.of(Kind.UUID))),
            column("named", ColumnType.arrayOf(ColumnType.of(Kind.STRING))),
            column("map", ColumnType.mapOf(ColumnType.of(Kind.STRING))),
            column("n", ColumnType.of(Kind.LONG))));

    private static ViewsFixture views;

    @BeforeAll
    static void migrate() {
        views = new ViewsFixture();
    }

    @AfterAll
    static void close() {
        views.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_placeholder_leaves_the_value_that_the_row_has(boolean inOneBatch) {
        // Given
        Stream stream = stream(true);
        String table = "unchanged_" + inOneBatch;
        ViewsFixture.Applied view = view(stream, table);

        // When
        if (inOneBatch) {
            view.apply(rows(stream, real(1, 1), unchanged(1, 2), unchanged(1, 3)));
        } else {
            view.apply(rows(stream, real(1, 1)));
            view.apply(rows(stream, unchanged(1, 2), unchanged(1, 3)));
        }

        // Then
        assertThat(views.rows(
                        "SELECT text, json, base64, hex, raw = '\\x01'::bytea, texts::text, raws::text, ints::text,"
                                + " longs::text, uuids::text, named::text, map::text, n FROM views." + table))
                .containsExactly(List.of(
                        "t1",
                        "j1",
                        "b1",
                        "h1",
                        true,
                        "{a1,b}",
                        "{\"\\\\x0102\"}",
                        "{1,7}",
                        "{1,8}",
                        "{00000000-0000-0000-0000-000000000001}",
                        "{n1}",
                        "{\"k\": \"v1\"}",
                        3L));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void only_debeziums_rows_have_placeholders(boolean debezium) {
        Stream stream = stream(debezium);
        String table = "placeholders_" + debezium;
        ViewsFixture.Applied view = view(stream, table);

        view.apply(rows(stream, real(1, 1)));
        view.apply(rows(stream, unchanged(1, 2)));
        view.apply(rows(stream, unchanged(2, 3)));

        assertThat(views.rows("SELECT text FROM views." + table + " ORDER BY id"))
                .containsExactly(List.of(debezium ? "t1" : TEXT), List.of(TEXT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"it's \\ \"gone\"", "hex:69742773205c2022676f6e6522", "hex:FF01"})
    void the_placeholder_is_what_the_connector_says(String declared) {
        // Given
        byte[] bytes = declared.startsWith("hex:")
                ? HexFormat.of().parseHex(declared.substring(4))
                : declared.getBytes(StandardCharsets.UTF_8);
        String text = new String(bytes, StandardCharsets.UTF_8);
        Stream stream = new StreamFixture("events", "topic")
                .key("id")
                .unwrap(Stream.Unwrap.DEBEZIUM)
                .unavailableValue(declared)
                .build();
        String table = "declared_" + Integer.toHexString(declared.hashCode());
        ViewsFixture.Applied view = view(stream, table);
        view.apply(rows(stream, real(1, 1), unchanged(2, 2)));

        // When
        Object[] unchanged = unchanged(1, 3);
        unchanged[1] = text;
        unchanged[2] = "{\"" + text + "\":\"" + text + "\"}";
        unchanged[5] = bytes;
        unchanged[6] = List.of(text);
        unchanged[12] = Map.of(text, text);
        view.apply(rows(stream, unchanged));

        // Then
        assertThat(views.rows("SELECT text, json, raw = '\\x01'::bytea, texts::text, map::text FROM views." + table
                        + " ORDER BY id"))
                .containsExactly(
                        List.of("t1", "j1", true, "{a1,b}", "{\"k\": \"v1\"}"),
                        List.of(
                                TEXT,
                                "{\"" + TEXT + "\":\"" + TEXT + "\"}",
                                false,
                                "{" + TEXT + "}",
                                "{\"" + TEXT + "\": \"" + TEXT + "\"}"));
    }

    /** However events are cut into batches, with deletes among them, each row has the last value that was told of it. */
    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void values_follow_from_the_events_and_not_from_the_batches(long seed) {
        // Given
        Random random = new Random(seed);
        Stream stream = stream(true);
        String table = "at_random_" + Math.abs(seed);
        ViewsFixture.Applied view = view(stream, table);
        Map<Long, String> expected = new TreeMap<>();
        List<Object[]> batch = new ArrayList<>();

        // When
        for (long n = 1; n <= 300; n++) {
            long id = random.nextInt(8);
            switch (random.nextInt(5)) {
                case 0 -> {
                    expected.remove(id);
                    batch.add(new Object[] {id});
                }
                case 1, 2 -> {
                    expected.put(id, "t" + n);
                    batch.add(real(id, n));
                }
                default -> {
                    expected.putIfAbsent(id, TEXT);
                    batch.add(unchanged(id, n));
                }
            }
            if (random.nextInt(6) == 0 || n == 300) {
                view.apply(rows(stream, n - batch.size(), batch.toArray(Object[][]::new)));
                batch.clear();
            }
        }

        // Then
        Map<Long, String> actual = new TreeMap<>();
        views.rows("SELECT id, text FROM views." + table)
                .forEach(row -> actual.put((Long) row.get(0), (String) row.get(1)));
        assertThat(actual).isEqualTo(expected);
    }

    private static ViewsFixture.Applied view(Stream stream, String name) {
        return views.view(stream, new View.Latest(name, "events", false, Duration.ofDays(30)), rows(stream, 0));
    }

    private static Stream stream(boolean debezium) {
        StreamFixture stream = new StreamFixture("events", "topic").key("id");
        return (debezium ? stream.unwrap(Stream.Unwrap.DEBEZIUM) : stream).build();
    }

    private static Object[] real(long id, long n) {
        return new Object[] {
            id,
            "t" + n,
            "j" + n,
            "b" + n,
            "h" + n,
            new byte[] {(byte) n},
            List.of("a" + n, "b"),
            List.of(new byte[] {(byte) n, 2}),
            List.of(n, 7L),
            List.of(n, 8L),
            List.of(new UUID(0, n)),
            List.of("n" + n),
            Map.of("k", "v" + n),
            n
        };
    }

    private static Object[] unchanged(long id, long n) {
        List<Object> codes = new ArrayList<>();
        for (byte code : BYTES) {
            codes.add((long) code);
        }
        UUID uuid = UUID.nameUUIDFromBytes(BYTES);
        return new Object[] {
            id,
            TEXT,
            "{\"" + TEXT + "\":\"" + TEXT + "\"}",
            Base64.getEncoder().encodeToString(BYTES),
            HexFormat.of().formatHex(BYTES),
            BYTES,
            List.of(TEXT),
            List.of(BYTES),
            codes,
            codes,
            List.of(uuid),
            List.of(uuid.toString()),
            Map.of(TEXT, TEXT),
            n
        };
    }

    private long next = 0;

    private Rows rows(Stream stream, Object[]... events) {
        Rows rows = rows(stream, next, events);
        next += events.length;
        return rows;
    }

    /** @param events the values, or only the id of a delete */
    private static Rows rows(Stream stream, long first, Object[]... events) {
        ColumnRows rows = new ColumnRows(stream, SHAPE, 0);
        for (Object[] event : events) {
            Object[] values = java.util.Arrays.copyOf(event, SHAPE.size());
            if (event.length == 1) {
                rows.delete(first++, 0, values);
            } else {
                rows.add(first++, 0, values);
            }
        }
        return rows.build();
    }

    private static Column column(String name, ColumnType type) {
        return new Column(name, type, false, "");
    }
}
