package dev.leat.view.writer.latest;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.math.BigDecimal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LatestWriterTest {

    private static final Shape SHAPE = ColumnRows.shape(
            ColumnRows.column("id", Kind.STRING),
            ColumnRows.column("part", Kind.LONG),
            ColumnRows.column("value", Kind.STRING),
            ColumnRows.column("at", Kind.TIMESTAMP));
    private static final Duration MONTH = Duration.ofDays(30);
    private static final AtomicInteger VIEWS = new AtomicInteger();

    private static ViewsFixture views;

    private final String name = "view_" + VIEWS.incrementAndGet();
    private final Stream timed = new StreamFixture("events", "topic")
            .key("id", "part")
            .eventTime("at")
            .build();
    private final Stream timeless =
            new StreamFixture("events", "topic").key("id", "part").build();

    @BeforeAll
    static void migrate() {
        views = new ViewsFixture();
    }

    @AfterAll
    static void close() {
        views.close();
    }

    @Test
    void a_late_update_does_not_bring_a_deleted_row_back() {
        // Given
        ViewsFixture.Applied view = view(hard());
        view.apply(batch(timed, 0, event("a", "e1", 50, 1)));
        view.apply(batch(timed, 0, delete("a", 2)));

        // When
        view.apply(batch(timed, 0, event("a", "late", 49, 3)));

        // Then
        assertThat(values()).isEmpty();

        // When
        view.apply(batch(timed, 0, event("a", "at the same time", 50, 4)));

        // Then
        assertThat(values()).containsExactly("at the same time");
    }

    @Test
    void a_redriven_delete_leaves_what_was_written_behind_it() {
        // Given
        ViewsFixture.Applied view = view(hard());
        view.apply(batch(timed, 0, event("a", "e9", 50, 9)));

        // When
        view.apply(batch(timed, 0, delete("a", 5)));
        view.apply(batch(timed, 0, event("a", "e4", 60, 4)));

        // Then
        assertThat(values()).containsExactly("e9");
    }

    @Test
    void a_redriven_event_from_before_the_delete_stays_deleted() {
        // Given
        ViewsFixture.Applied view = view(hard());
        view.apply(batch(timed, 0, delete("a", 5)));

        // When
        view.apply(batch(timed, 0, event("a", "e4", 60, 4)));

        // Then
        assertThat(values()).isEmpty();
    }

    @Test
    void a_delete_and_what_comes_back_in_one_batch_is_held_against_what_the_table_knew() {
        // Given
        ViewsFixture.Applied view = view(hard());
        view.apply(batch(timed, 0, event("a", "e1", 50, 1), event("b", "e2", 50, 2)));

        // When
        view.apply(
                batch(timed, 0, delete("a", 3), event("a", "late", 40, 4), delete("b", 5), event("b", "newer", 51, 6)));

        // Then
        assertThat(values()).containsExactly("newer");
    }

    @Test
    void a_softly_deleted_row_keeps_its_values_until_it_comes_back() {
        // Given
        ViewsFixture.Applied view = view(soft());
        view.apply(batch(timed, 0, event("a", "e1", 50, 1), delete("a", 2), delete("b", 3)));
        assertThat(views.rows("SELECT id, value, at IS NULL, _offset, _deleted FROM " + table() + " ORDER BY id"))
                .containsExactly(List.of("a", "e1", false, 2L, true), row("b", null, true, 3L, true));

        // When
        view.apply(batch(timed, 0, event("a", "late", 49, 4), event("b", "e5", 1, 5)));
        view.apply(batch(timed, 0, event("a", "e6", 51, 6)));

        // Then
        assertThat(views.rows("SELECT id, value, _offset, _deleted FROM " + table() + " ORDER BY id"))
                .containsExactly(List.of("a", "e6", 6L, false), List.of("b", "e5", 5L, false));
    }

    @Test
    void a_reader_is_told_which_columns_a_softly_deleted_row_may_lack() {
        // Given
        Shape shape = ColumnRows.shape(
                new Column("id", ColumnType.of(Kind.STRING), true, ""),
                new Column("part", ColumnType.of(Kind.LONG), true, ""),
                new Column("at", ColumnType.of(Kind.TIMESTAMP), true, ""));

        // When
        views.tables(ViewsFixture.pipeline(timed, soft())).ensure(timed, shape);

        // Then
        assertThat(views.rows("SELECT c ->> 'name', c ->> 'required' FROM leat.view, jsonb_array_elements(columns) c "
                        + "WHERE name = '" + name + "'"))
                .containsExactly(
                        List.of("id", "true"),
                        List.of("part", "true"),
                        List.of("at", "false"),
                        List.of("_partition", "true"),
                        List.of("_offset", "true"),
                        List.of("_deleted", "true"));
    }

    @Test
    void a_standing_view_keeps_what_it_does_with_deletes() {
        // Given
        views.tables(ViewsFixture.pipeline(timed, hard())).ensure(timed, SHAPE);

        // When
        views.tables(ViewsFixture.pipeline(timed, soft())).ensure(timed, SHAPE);

        // Then
        assertThat(views.catalogued(name).column("_deleted")).isEmpty();
    }

    @Test
    void a_view_that_stood_before_there_were_tombstones_gets_its_table_of_them() {
        // Given
        views.tables(ViewsFixture.pipeline(timed, hard())).ensure(timed, SHAPE);
        views.run("DROP TABLE leat.tombstone_" + name);

        // When
        view(hard()).apply(batch(timed, 0, delete("a", 1)));

        // Then
        assertThat(tombstones()).isEqualTo(1);
    }

    @Test
    void a_view_that_begins_anew_forgets_the_deletes_of_the_removed_one() {
        // Given
        view(hard()).apply(batch(timed, 0, delete("a", 7)));
        views.run("DROP TABLE " + table() + "; DELETE FROM leat.view WHERE name = '" + name + "'");

        // When
        view(hard()).apply(batch(timed, 0, event("a", "e1", 1, 1)));

        // Then
        assertThat(values()).containsExactly("e1");
    }

    @Test
    void old_deletes_are_forgotten_with_a_later_one_but_not_each_time() {
        // Given
        ViewsFixture.Applied view = view(new View.Latest(name, "events", false, Duration.ofHours(2)));
        view.apply(batch(timed, 0, delete("a", 1)));
        views.run("UPDATE leat.tombstone_" + name + " SET _deleted_at = now() - interval '3 hours'");

        // When
        view.apply(batch(timed, 0, delete("b", 2)));

        // Then
        assertThat(tombstones()).isEqualTo(2);

        // When
        view(hard()).apply(batch(timed, 0, delete("b", 3)));
        assertThat(tombstones()).isEqualTo(2);
        view(new View.Latest(name, "events", false, Duration.ofHours(2))).apply(batch(timed, 0, delete("b", 4)));

        // Then
        assertThat(views.rows("SELECT id, _offset FROM leat.tombstone_" + name)).containsExactly(List.of("b", 4L));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"DURATION", "ARRAY", "MAP", "UNION", "JSON"},
            mode = EnumSource.Mode.EXCLUDE)
    void every_kind_of_key_is_found_again(Kind kind) {
        for (boolean softly : new boolean[] {false, true}) {
            // Given
            String view = name + "_" + kind.name().toLowerCase() + "_" + softly;
            Stream stream = new StreamFixture("events", "topic")
                    .key("id")
                    .eventTime("at")
                    .build();
            ColumnType type = kind == Kind.DECIMAL ? ColumnType.decimal(10, 2) : ColumnType.of(kind);
            Shape shape = ColumnRows.shape(new Column("id", type, true, ""), ColumnRows.column("at", Kind.TIMESTAMP));
            Object one = value(kind, 1);
            Object other = value(kind, 0);
            Rows first = new ColumnRows(stream, shape, 0)
                    .add(1, 0, one, 10L)
                    .add(2, 0, other, 10L)
                    .build();
            Rows second = new ColumnRows(stream, shape, 0)
                    .delete(3, 0, one, null)
                    .add(4, 0, one, 9L)
                    .build();
            Rows third = new ColumnRows(stream, shape, 0).add(5, 0, one, 9L).build();
            ViewsFixture.Applied applied = views.view(stream, new View.Latest(view, "events", softly, MONTH), first);

            // When
            applied.apply(first);
            applied.apply(second);
            applied.apply(third);

            // Then
            assertThat(views.rows("SELECT _offset FROM views." + view + " ORDER BY 1"))
                    .isEqualTo(softly ? List.of(List.of(2L), List.of(3L)) : List.of(List.of(2L)));
        }
    }

    private static Object value(Kind kind, int n) {
        return switch (kind) {
            case BOOLEAN, INT, LONG, DATE, TIME -> (long) n;
            case TIMESTAMP, TIMESTAMP_NANOS, LOCAL_TIMESTAMP, LOCAL_TIMESTAMP_NANOS -> (long) n;
            case FLOAT -> n + 0.1f;
            case DOUBLE -> n + 0.1;
            case STRING, JSON -> "it's \"" + n + "\", {\\}";
            case BYTES -> new byte[] {(byte) 0xff, (byte) n};
            case DECIMAL -> new BigDecimal(n + ".5");
            case UUID -> new UUID(7, n);
            default -> throw new IllegalArgumentException("no key is a " + kind);
        };
    }

    @ParameterizedTest
    @CsvSource({"false, true", "true, true", "false, false", "true, false"})
    void whatever_the_batches_the_view_comes_to_what_the_rule_says(boolean softly, boolean byEventTime) {
        long seed = Seeds.first();
        for (int run = 0; run < Seeds.runs(4); run++) {
            random(seed + run, softly, byEventTime, name + "_" + run);
        }
    }

    /** Events and deletes of few keys in two partitions; some are held back and applied later, out of their turn. */
    private void random(long seed, boolean softly, boolean byEventTime, String view) {
        // Given
        String history = "seed " + seed + " soft " + softly + " event time " + byEventTime;
        Random random = new Random(seed);
        Stream stream = byEventTime ? timed : timeless;
        LatestRule rule = new LatestRule(softly, byEventTime);
        ViewsFixture.Applied applied =
                views.view(stream, new View.Latest(view, "events", softly, MONTH), batch(stream, 0));
        long[] next = new long[2];
        List<LatestRule.Event> heldBack = new ArrayList<>();

        // When
        for (int n = 0; n < 40; n++) {
            int partition = random.nextInt(10) == 0 ? 1 : 0;
            List<LatestRule.Event> events = new ArrayList<>();
            for (int i = random.nextInt(1, 12); i > 0; i--) {
                LatestRule.Event event = random(random, 5, partition, next[partition]++);
                (random.nextInt(8) == 0 ? heldBack : events).add(event);
            }
            if (!events.isEmpty()) {
                applied.apply(batch(stream, partition, events.toArray(LatestRule.Event[]::new)));
            }
            events.forEach(rule::apply);
            if (random.nextInt(4) == 0 && !heldBack.isEmpty()) {
                Collections.shuffle(heldBack, random);
                LatestRule.Event redriven = heldBack.removeLast();
                applied.apply(batch(stream, redriven.partition(), redriven));
                rule.apply(redriven);
            }

            // Then
            assertThat(read(view, softly)).as(history + " batch " + n).isEqualTo(rule.rows());
        }
    }

    private static LatestRule.Event random(Random random, int keys, int partition, long offset) {
        String key = String.valueOf((char) ('a' + random.nextInt(keys)));
        return random.nextInt(4) == 0
                ? new LatestRule.Event(key, null, 0, partition, offset, true)
                : new LatestRule.Event(
                        key,
                        "e" + partition + "." + offset,
                        1000 + offset + random.nextInt(20),
                        partition,
                        offset,
                        false);
    }

    private static Map<String, LatestRule.Row> read(String view, boolean softly) {
        Map<String, LatestRule.Row> read = new TreeMap<>();
        String deleted = softly ? "_deleted" : "false";
        for (List<Object> row :
                views.rows("SELECT id, value, at, _partition, _offset, " + deleted + ", part FROM views." + view)) {
            OffsetDateTime at = (OffsetDateTime) row.get(2);
            read.put(
                    (String) row.get(0),
                    new LatestRule.Row(
                            (String) row.get(1),
                            at == null ? null : at.toEpochSecond() * 1_000_000 + at.getNano() / 1000,
                            (Integer) row.get(3),
                            (Long) row.get(4),
                            (Boolean) row.get(5)));
            assertThat(row.get(6)).isEqualTo(part((String) row.get(0)));
        }
        return read;
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void lanes_that_share_keys_lock_them_in_one_order_be_they_written_or_deleted(boolean softly) {
        // Given
        ViewsFixture.Applied view = view(softly ? soft() : hard());
        view.apply(batch(timed, 2, new LatestRule.Event("a", "e", 1, 2, 1, false)));
        view.apply(batch(timed, 2, new LatestRule.Event("z", "e", 1, 2, 2, false)));
        SqlConnection gate = views.pool().getConnectionAndAwait();
        gate.query("BEGIN; SELECT FROM " + table() + " WHERE id = 'z' FOR UPDATE")
                .executeAndAwait();

        // When
        CompletableFuture<Void> one = lane(() -> view.apply(batch(timed, 0, event("z", "e1", 50, 1), delete("a", 2))));
        await().atMost(Deadline.GENEROUS).until(() -> waiting() == 1);
        CompletableFuture<Void> other = lane(() -> view.apply(batch(
                timed,
                1,
                new LatestRule.Event("a", "e2", 60, 1, 1, false),
                new LatestRule.Event("z", null, 0, 1, 2, true))));
        await().atMost(Deadline.GENEROUS).until(() -> waiting() == 2);
        gate.query("COMMIT").executeAndAwait();

        // Then
        assertThat(one).succeedsWithin(Deadline.GENEROUS);
        assertThat(other).succeedsWithin(Deadline.GENEROUS);
        gate.closeAndAwait();
    }

    private static CompletableFuture<Void> lane(Runnable work) {
        // Not the common pool: on few processors it has one thread.
        return CompletableFuture.runAsync(work, Thread::startVirtualThread);
    }

    /** How many sessions wait for a lock. */
    private static long waiting() {
        return (long) views.rows("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                        + "AND wait_event_type = 'Lock'")
                .getFirst()
                .getFirst();
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void lanes_that_share_keys_all_come_through(boolean softly) {
        // Given
        long seed = Seeds.first();
        View.Latest view = softly ? soft() : hard();
        ViewsFixture.Applied applied = view(view);

        // When
        List<CompletableFuture<Void>> lanes = new ArrayList<>();
        for (int lane = 0; lane < 4; lane++) {
            int partition = lane;
            lanes.add(lane(() -> {
                Random random = new Random(seed + partition);
                long offset = 0;
                for (int n = 0; n < 30; n++) {
                    LatestRule.Event[] events = new LatestRule.Event[10];
                    for (int i = 0; i < events.length; i++) {
                        events[i] = random(random, 20, partition, offset++);
                    }
                    applied.apply(batch(timed, partition, events));
                }
            }));
        }

        // Then
        lanes.forEach(lane -> assertThat(lane).as("seed " + seed).succeedsWithin(Deadline.GENEROUS));
    }

    private View.Latest hard() {
        return new View.Latest(name, "events", false, MONTH);
    }

    private View.Latest soft() {
        return new View.Latest(name, "events", true, MONTH);
    }

    private ViewsFixture.Applied view(View.Latest view) {
        return views.view(timed, view, batch(timed, 0));
    }

    private String table() {
        return "views." + name;
    }

    private List<Object> values() {
        return views.rows("SELECT value FROM " + table() + " ORDER BY id").stream()
                .map(List::getFirst)
                .toList();
    }

    private long tombstones() {
        return (long) views.rows("SELECT count(*) FROM leat.tombstone_" + name)
                .getFirst()
                .getFirst();
    }

    private static LatestRule.Event event(String key, String value, long time, long offset) {
        return new LatestRule.Event(key, value, time, 0, offset, false);
    }

    private static LatestRule.Event delete(String key, long offset) {
        return new LatestRule.Event(key, null, 0, 0, offset, true);
    }

    private static Rows batch(Stream stream, int partition, LatestRule.Event... events) {
        ColumnRows rows = new ColumnRows(stream, SHAPE, partition);
        for (LatestRule.Event event : events) {
            if (event.isDelete()) {
                rows.delete(event.offset(), 0, event.key(), part(event.key()), null, null);
            } else {
                rows.add(event.offset(), 0, event.key(), part(event.key()), event.value(), event.time());
            }
        }
        return rows.build();
    }

    /** The second column of a key. */
    private static long part(String key) {
        return 100 - key.charAt(0);
    }

    private static List<Object> row(Object... values) {
        return java.util.Arrays.asList(values);
    }
}
