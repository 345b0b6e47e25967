package dev.leat.view.writer.latest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.leat.Seeds;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.pipeline.View;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnRows;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.stack.Deadline;
import dev.leat.view.lane.ViewsFixture;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches that are large enough for a {@code latest} view to insert new keys plainly. */
class NewKeysTest {

    private static final int LARGE = 600;
    private static final Duration MONTH = Duration.ofDays(30);
    private static final AtomicInteger VIEWS = new AtomicInteger();
    private static final Stream STREAM =
            new StreamFixture("events", "topic").key("id").eventTime("at").build();

    private static ViewsFixture views;

    private final String name = "large_" + VIEWS.incrementAndGet();

    @BeforeAll
    static void migrate() {
        views = new ViewsFixture();
    }

    @AfterAll
    static void close() {
        views.close();
    }

    @Test
    void new_keys_are_inserted_and_those_that_are_there_are_updated() {
        // Given
        ViewsFixture.Applied view = view(false);
        view.apply(batch(0, events(0, LARGE, "first", 50, 0, 0)));

        // When
        view.apply(batch(0, events(LARGE - 100, LARGE, "second", 60, 0, LARGE)));

        // Then
        assertThat(count("first")).isEqualTo(LARGE - 100);
        assertThat(count("second")).isEqualTo(LARGE);
        assertThat(statements("INSERT INTO " + table(), "ON CONFLICT"))
                .as("rows by plain inserts")
                .isEqualTo(LARGE + LARGE - 100);
    }

    @Test
    void an_older_event_of_a_known_key_changes_nothing_in_a_batch_of_new_ones() {
        // Given
        ViewsFixture.Applied view = view(false);
        view.apply(batch(0, events(0, 10, "newer", 50, 0, 0)));

        // When
        view.apply(batch(0, events(0, LARGE, "older", 40, 0, 10)));

        // Then
        assertThat(count("newer")).isEqualTo(10);
        assertThat(count("older")).isEqualTo(LARGE - 10);
    }

    @Test
    void what_was_deleted_stays_so_for_an_older_event_though_its_key_seems_new() {
        // Given
        ViewsFixture.Applied view = view(false);
        view.apply(batch(0, events(0, LARGE, "first", 50, 0, 0)));
        view.apply(batch(0, deletes(0, LARGE, 0, LARGE)));

        // When
        view.apply(batch(0, events(0, LARGE, "older", 49, 0, 2 * LARGE)));
        assertThat(count("older")).isZero();
        view.apply(batch(0, events(0, LARGE, "newer", 51, 0, 3 * LARGE)));

        // Then
        assertThat(count("newer")).isEqualTo(LARGE);
    }

    @Test
    void a_batch_that_was_rolled_back_is_applied_again_as_if_for_the_first_time() {
        // Given
        ViewsFixture.Applied view = view(false);
        Rows rows = batch(0, events(0, LARGE, "first", 50, 0, 0));
        views.run("ALTER TABLE " + table() + " ADD CONSTRAINT never CHECK (value <> 'first')");
        assertThatThrownBy(() -> view.apply(rows)).isInstanceOf(PgException.class);
        views.run("ALTER TABLE " + table() + " DROP CONSTRAINT never");

        // When
        view.apply(rows);
        view.apply(rows);

        // Then
        assertThat(count("first")).isEqualTo(LARGE);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void a_key_that_another_lane_writes_at_the_same_time_leads_back_to_the_upsert(boolean softly) {
        // Given
        ViewsFixture.Applied view = view(softly);
        SqlConnection other = views.pool().getConnectionAndAwait();
        other.query("BEGIN; INSERT INTO " + table() + " (id, value, at, _partition, _offset"
                        + (softly ? ", _deleted" : "") + ") VALUES ('" + id(7) + "', 'other', to_timestamp(0), 1, 5"
                        + (softly ? ", false" : "") + ")")
                .executeAndAwait();

        // When
        CompletableFuture<Void> lane = CompletableFuture.runAsync(
                () -> view.apply(batch(0, events(0, LARGE, "ours", 50, 0, 0))), Thread::startVirtualThread);
        await().atMost(Deadline.GENEROUS).until(() -> waiting() == 1);
        other.query("COMMIT").executeAndAwait();
        assertThat(lane).succeedsWithin(Deadline.GENEROUS);
        other.closeAndAwait();

        // Then
        assertThat(count("ours")).isEqualTo(LARGE);

        // When
        long before = statements("INSERT INTO " + table(), "ON CONFLICT");
        view.apply(batch(0, events(LARGE, LARGE, "later", 50, 0, LARGE)));

        // Then
        assertThat(count("later")).isEqualTo(LARGE);
        assertThat(statements("INSERT INTO " + table(), "ON CONFLICT"))
                .as("once lanes share keys, nothing is inserted plainly")
                .isEqualTo(before);
    }

    @Test
    void lanes_that_share_keys_come_to_the_newest_event_of_each() {
        // Given
        long seed = Seeds.first();
        ViewsFixture.Applied view = view(false);
        TreeMap<String, LatestRule.Event> newest = new TreeMap<>();
        List<List<Rows>> batches = new ArrayList<>();
        Random random = new Random(seed);
        for (int partition = 0; partition < 3; partition++) {
            List<Rows> ofLane = new ArrayList<>();
            for (int n = 0; n < 8; n++) {
                List<LatestRule.Event> events = new ArrayList<>();
                for (int i = 0; i < LARGE; i++) {
                    long number = (long) (n * LARGE + i) * 3 + partition;
                    LatestRule.Event event = new LatestRule.Event(
                            id(random.nextInt(3000)), "e" + number, number, partition, n * LARGE + i, false);
                    newest.merge(event.key(), event, (one, other) -> one.time() > other.time() ? one : other);
                    events.add(event);
                }
                ofLane.add(batch(partition, events));
            }
            batches.add(ofLane);
        }

        // When
        List<CompletableFuture<Void>> lanes = batches.stream()
                .map(ofLane -> CompletableFuture.runAsync(
                        () -> ofLane.forEach(rows -> untilThrough(view, rows)), Thread::startVirtualThread))
                .toList();

        // Then
        lanes.forEach(lane -> assertThat(lane).as("seed " + seed).succeedsWithin(Deadline.GENEROUS));
        TreeMap<String, Object> found = new TreeMap<>();
        views.rows("SELECT id, value FROM " + table()).forEach(row -> found.put((String) row.getFirst(), row.get(1)));
        TreeMap<String, Object> expected = new TreeMap<>();
        newest.forEach((key, event) -> expected.put(key, event.value()));
        assertThat(found).as("seed " + seed).isEqualTo(expected);
    }

    /** As a lane does: what ran into a deadlock, before it was seen that keys are shared, is tried again. */
    private static void untilThrough(ViewsFixture.Applied view, Rows rows) {
        while (true) {
            try {
                view.apply(rows);
                return;
            } catch (PgException e) {
                assertThat(e.getSqlState()).isEqualTo("40P01");
            }
        }
    }

    @Test
    void a_row_of_another_partition_shows_that_lanes_share_keys() {
        // Given
        ViewsFixture.Applied view = view(false);
        view.apply(batch(1, events(0, 1, "other", 50, 1, 0)));

        // When
        view.apply(batch(0, events(0, LARGE, "ours", 60, 0, 0)));

        // Then
        assertThat(count("ours")).isEqualTo(LARGE);
        assertThat(statements("INSERT INTO " + table(), "ON CONFLICT")).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"STRING", "INT", "LONG", "UUID", "TIMESTAMP", "DECIMAL"})
    void whatever_type_the_key_has_no_row_is_lost_or_doubled(Kind kind) {
        // Given
        Shape shape = ColumnRows.shape(
                new Column("id", type(kind), true, ""),
                ColumnRows.column("value", Kind.STRING),
                ColumnRows.column("at", Kind.TIMESTAMP));
        ColumnRows first = new ColumnRows(STREAM, shape, 0);
        ColumnRows second = new ColumnRows(STREAM, shape, 0);
        IntStream.range(0, LARGE).forEach(i -> first.add(i, 0, key(kind, i), "first", 50L));
        IntStream.range(LARGE / 2, LARGE * 2).forEach(i -> second.add(LARGE + i, 0, key(kind, i), "second", 60L));
        ViewsFixture.Applied view = views.view(STREAM, latest(false), new ColumnRows(STREAM, shape, 0).build());

        // When
        view.apply(first.build());
        view.apply(second.build());

        // Then
        assertThat(count("first")).isEqualTo(LARGE / 2);
        assertThat(count("second")).isEqualTo(LARGE * 2 - LARGE / 2);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void whatever_the_large_batches_the_view_comes_to_what_the_rule_says(boolean softly) {
        // Given
        long seed = Seeds.first();
        Random random = new Random(seed);
        ViewsFixture.Applied view = view(softly);
        LatestRule rule = new LatestRule(softly, true);
        long offset = 0;

        for (int n = 0; n < 25; n++) {
            // When
            List<LatestRule.Event> events = new ArrayList<>();
            for (int i = 0; i < LARGE; i++) {
                String key = id(n * 200 + random.nextInt(1500));
                boolean delete = random.nextInt(8) == 0;
                events.add(new LatestRule.Event(
                        key, delete ? null : "e" + offset, 1000 + offset + random.nextInt(2000), 0, offset++, delete));
            }
            events.forEach(rule::apply);
            view.apply(batch(0, events));

            // Then
            TreeMap<String, List<Object>> expected = new TreeMap<>();
            rule.rows().forEach((key, row) -> expected.put(key, row(row.value(), row.offset(), row.deleted())));
            TreeMap<String, List<Object>> found = new TreeMap<>();
            views.rows("SELECT id, value, _offset, " + (softly ? "_deleted" : "false") + " FROM " + table())
                    .forEach(row -> found.put((String) row.getFirst(), row.subList(1, 4)));
            assertThat(found).as("seed " + seed + " batch " + n).isEqualTo(expected);
        }
    }

    /** How many rows statements have written that begin with one text and don't contain the other. */
    private static long statements(String beginning, String without) {
        return ((Number) views.rows("SELECT coalesce(sum(rows), 0) FROM views.written WHERE statement LIKE '"
                                + beginning + "%' AND statement NOT LIKE '%" + without + "%'")
                        .getFirst()
                        .getFirst())
                .longValue();
    }

    private ViewsFixture.Applied view(boolean softly) {
        ViewsFixture.Applied view = views.view(STREAM, latest(softly), batch(0, List.of()));
        views.run("""
                CREATE TABLE IF NOT EXISTS views.written (statement text, rows bigint);
                CREATE OR REPLACE FUNCTION note_written() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    INSERT INTO views.written SELECT current_query(), count(*) FROM added;
                    RETURN NULL;
                END $$;
                CREATE TRIGGER note_written AFTER INSERT ON %s REFERENCING NEW TABLE AS added
                FOR EACH STATEMENT EXECUTE FUNCTION note_written()""".formatted(table()));
        return view;
    }

    private View.Latest latest(boolean softly) {
        return new View.Latest(name, "events", softly, MONTH);
    }

    private String table() {
        return "\"views\".\"" + name + "\"";
    }

    private long count(String value) {
        return (long) views.rows("SELECT count(*) FROM " + table() + " WHERE value = '" + value + "'")
                .getFirst()
                .getFirst();
    }

    /** How many sessions wait for a lock. */
    private static long waiting() {
        return (long) views.rows("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                        + "AND wait_event_type = 'Lock'")
                .getFirst()
                .getFirst();
    }

    private static String id(int key) {
        return "key-%06d".formatted(key);
    }

    private static ColumnType type(Kind kind) {
        return kind == Kind.DECIMAL ? ColumnType.decimal(12, 2) : ColumnType.of(kind);
    }

    private static Object key(Kind kind, int i) {
        return switch (kind) {
            case STRING -> id(i);
            case UUID -> new UUID(i * 0x9e3779b97f4a7c15L, i);
            case DECIMAL -> java.math.BigDecimal.valueOf(i, 2);
            default -> (long) i;
        };
    }

    private static List<LatestRule.Event> events(
            int key, int count, String value, long time, int partition, int offset) {
        return IntStream.range(0, count)
                .mapToObj(i -> new LatestRule.Event(id(key + i), value, time, partition, offset + i, false))
                .toList();
    }

    private static List<LatestRule.Event> deletes(int key, int count, int partition, int offset) {
        return IntStream.range(0, count)
                .mapToObj(i -> new LatestRule.Event(id(key + i), null, 0, partition, offset + i, true))
                .toList();
    }

    private static Rows batch(int partition, List<LatestRule.Event> events) {
        Shape shape = ColumnRows.shape(
                ColumnRows.column("id", Kind.STRING),
                ColumnRows.column("value", Kind.STRING),
                ColumnRows.column("at", Kind.TIMESTAMP));
        ColumnRows rows = new ColumnRows(STREAM, shape, partition);
        for (LatestRule.Event event : events) {
            if (event.isDelete()) {
                rows.delete(event.offset(), 0, event.key(), null, null);
            } else {
                rows.add(event.offset(), 0, event.key(), event.value(), event.time());
            }
        }
        return rows.build();
    }

    private static List<Object> row(Object... values) {
        return java.util.Arrays.asList(values);
    }
}
