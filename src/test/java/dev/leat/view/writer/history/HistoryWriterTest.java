package dev.leat.view.writer.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.Seeds;
import dev.leat.catalog.ViewTable;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.pipeline.View;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnRows;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.stack.Deadline;
import dev.leat.view.lane.BatchFixture;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.lane.apply.BatchOutcome.Applied;
import dev.leat.view.writer.history.HistoryRule.Event;
import dev.leat.view.writer.history.HistoryRule.Row;
import dev.leat.view.writer.latest.LatestRule;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryWriterTest {

    private static final Shape SHAPE = ColumnRows.shape(
            new Column("id", ColumnType.of(Kind.STRING), true, ""),
            new Column("part", ColumnType.of(Kind.LONG), true, ""),
            ColumnRows.column("value", Kind.STRING),
            ColumnRows.column("note", Kind.STRING),
            new Column("at", ColumnType.of(Kind.TIMESTAMP), true, ""));
    private static final AtomicInteger VIEWS = new AtomicInteger();

    private static ViewsFixture views;

    private final String name = "past_" + VIEWS.incrementAndGet();
    private final Stream stream = new StreamFixture("events", "topic")
            .key("id", "part")
            .eventTime("at")
            .build();

    @BeforeAll
    static void migrate() {
        views = new ViewsFixture();
    }

    @AfterAll
    static void close() {
        views.close();
    }

    @Test
    void each_change_ends_what_was_and_begins_what_is() {
        ViewsFixture.Applied view = view("value");

        view.apply(batch(event(1, "x", 10), event(2, "y", 20)));
        view.apply(batch(event(3, "z", 30)));

        assertThat(history()).containsExactly("x 10-20", "y 20-30", "z 30-");
        assertThat(views.rows("SELECT value, _offset FROM " + table() + " WHERE current"))
                .containsExactly(List.of("z", 3L));
    }

    @Test
    void a_late_event_is_put_in_its_place() {
        ViewsFixture.Applied view = view("value");
        view.apply(batch(event(1, "x", 10), event(2, "z", 30)));

        view.apply(batch(event(3, "y", 20)));
        view.apply(batch(event(4, "w", 5)));

        assertThat(history()).containsExactly("w 5-10", "x 10-20", "y 20-30", "z 30-");
    }

    @Test
    void what_changes_nothing_adds_nothing_until_a_late_event_comes_before_it() {
        // Given
        ViewsFixture.Applied view = view("value");
        view.apply(batch(event(1, "x", 10), event(2, "x", 30)));
        assertThat(history()).containsExactly("x 10-");

        // When
        view.apply(batch(event(3, "y", 20)));

        // Then
        assertThat(history()).containsExactly("x 10-20", "y 20-30", "x 30-");
        assertThat(views.rows("SELECT note FROM " + table() + " ORDER BY valid_from"))
                .containsExactly(List.of("note 1"), List.of("note 3"), List.of("note 2"));
    }

    @Test
    void a_late_event_between_two_equal_states_adds_nothing() {
        ViewsFixture.Applied view = view("value");
        view.apply(batch(event(1, "x", 10), event(2, "x", 30)));

        view.apply(batch(event(3, "x", 20)));

        assertThat(history()).containsExactly("x 10-");
    }

    @Test
    void a_row_goes_that_a_late_event_has_made_redundant() {
        ViewsFixture.Applied view = view("value");
        view.apply(batch(event(1, "x", 10), event(2, "y", 30)));

        view.apply(batch(event(3, "y", 20)));

        assertThat(history()).containsExactly("x 10-20", "y 20-");
    }

    @Test
    void of_events_at_one_time_the_last_by_position_counts() {
        ViewsFixture.Applied view = view("value");

        view.apply(batch(event(1, "y", 10), event(2, "x", 20)));
        view.apply(batch(event(3, "y", 20)));
        assertThat(history()).containsExactly("y 10-");
        view.apply(batch(event(4, "z", 20)));

        assertThat(history()).containsExactly("y 10-20", "z 20-");
    }

    @Test
    void a_delete_ends_the_state_at_kafkas_timestamp() {
        ViewsFixture.Applied view = view("value");

        view.apply(batch(event(1, "x", 10), delete(2, 20)));

        assertThat(history()).containsExactly("x 10-20");
        assertThat(views.rows("SELECT FROM " + table() + " WHERE current")).isEmpty();
    }

    @Test
    void what_comes_back_begins_a_row_though_nothing_has_changed() {
        ViewsFixture.Applied view = view("value");

        view.apply(batch(event(1, "x", 10), delete(2, 20)));
        view.apply(batch(event(3, "x", 30)));

        assertThat(history()).containsExactly("x 10-20", "x 30-");
    }

    @Test
    void a_delete_counts_not_before_what_it_deletes_nor_after_what_came_back() {
        // Given
        ViewsFixture.Applied view = view("value");

        // When
        view.apply(batch(event(1, "x", 10), event(2, "y", 50), delete(3, 20)));
        assertThat(history()).containsExactly("x 10-50");
        view.apply(batch(event(4, "y", 60), delete(5, 9_000)));
        assertThat(history()).containsExactly("x 10-50", "y 60-9000");
        view.apply(batch(event(6, "y", 70)));

        // Then
        assertThat(history()).containsExactly("x 10-50", "y 60-70", "y 70-");
    }

    @Test
    void a_redriven_event_moves_the_deletes_behind_it() {
        ViewsFixture.Applied view = view("value");
        view.apply(batch(event(1, "x", 10), delete(3, 20), event(4, "z", 30)));
        assertThat(history()).containsExactly("x 10-20", "z 30-");

        view.apply(batch(event(2, "y", 40)));

        assertThat(history()).containsExactly("x 10-30", "z 30-40");
    }

    @Test
    void without_track_every_column_counts_but_the_event_time() {
        ViewsFixture.Applied view = view();

        view.apply(
                batch(event("a", "x", "n", 10, 0, 1), event("a", "x", "n", 20, 0, 2), event("a", "x", "m", 30, 0, 3)));

        assertThat(history()).containsExactly("x 10-30", "x 30-");
    }

    @Test
    void without_an_event_time_kafkas_timestamp_counts() {
        // Given
        Stream timeless = new StreamFixture("events", "topic").key("id", "part").build();
        View.History history = new View.History(name, "events", List.of("value"));
        Event one = new Event("a", "x", "n", 99, 10, 0, 1, false);
        Event other = new Event("a", "y", "n", 98, 20, 0, 2, false);

        // When
        views.view(timeless, history, batch()).apply(batch(timeless, 0, List.of(other, delete(3, 30), one)));

        // Then
        assertThat(history()).containsExactly("x 10-20", "y 20-30");
    }

    @Test
    void nanoseconds_order_states() {
        // Given
        Shape shape = ColumnRows.shape(
                ColumnRows.column("id", Kind.INT),
                ColumnRows.column("part", Kind.INT),
                ColumnRows.column("at", Kind.TIMESTAMP_NANOS),
                ColumnRows.column("value", Kind.STRING));
        Rows rows = new ColumnRows(stream, shape, 0)
                .add(1, 0, 1L, 1L, 1_000_000_002L, "second")
                .add(2, 0, 1L, 1L, 1_000_000_001L, "first")
                .delete(3, 2_000, 1L, 1L, null, null)
                .build();

        // When
        views.view(stream, new View.History(name, "events", List.of()), rows).apply(rows);

        // Then
        assertThat(views.rows("SELECT value, valid_from, valid_to FROM " + table() + " ORDER BY valid_from"))
                .containsExactly(
                        List.of("first", 1_000_000_001L, 1_000_000_002L),
                        List.of("second", 1_000_000_002L, 2_000_000_000L));
    }

    @Test
    void rows_that_come_out_the_same_are_not_written() {
        // Given
        ViewsFixture.Applied view = view("value");
        view.apply(batch(event(1, "v", 10), event(2, "w", 20), event(3, "y", 40), event(4, "z", 50)));
        Map<Object, Object> before = versions();

        // When
        view.apply(batch(event(5, "x", 30)));

        // Then
        Map<Object, Object> after = versions();
        assertThat(after).hasSize(5);
        assertThat(before.entrySet()).filteredOn(after.entrySet()::contains).hasSize(3);
        assertThat(after.get("w")).isNotEqualTo(before.get("w"));
    }

    /** Of each value the place of its row, which an update changes. */
    private Map<Object, Object> versions() {
        Map<Object, Object> versions = new TreeMap<>();
        views.rows("SELECT value, ctid::text FROM " + table()).forEach(row -> versions.put(row.get(0), row.get(1)));
        return versions;
    }

    @Test
    void a_refused_event_leaves_nothing() {
        // Given
        Stream letters = new StreamFixture(name, name).key("id").eventTime("at").build();
        BatchFixture lane = new BatchFixture(
                views, ViewsFixture.pipeline(letters, new View.History(name, name, List.of())), letters, 0);

        // When
        Applied applied = lane.events("a1", "b\0", "c1").apply();

        // Then
        assertThat(applied.deadLetters()).extracting(letter -> letter.view).containsExactly(name);
        assertThat(views.rows("SELECT id FROM " + table() + " ORDER BY 1"))
                .containsExactly(List.of("a1"), List.of("c1"));
        assertThat(views.rows("SELECT DISTINCT id FROM leat.history_" + name + " ORDER BY 1"))
                .containsExactly(List.of("a1"), List.of("c1"));
    }

    @Test
    void a_reader_is_told_of_the_columns_and_they_are_not_taken_for_the_streams() {
        Stream stream =
                new StreamFixture(name, name).key("id", "part").eventTime("at").build();
        Pipeline pipeline = ViewsFixture.pipeline(stream, new View.History(name, name, List.of()));
        views.tables(pipeline).ensure(stream, SHAPE);

        ViewTable view = views.catalogued(name);

        assertThat(view.kind()).isEqualTo("history");
        assertThat(view.key()).containsExactly("id", "part", "valid_from");
        assertThat(view.columns())
                .extracting(Column::name)
                .containsExactly(
                        "id",
                        "part",
                        "value",
                        "note",
                        "at",
                        "valid_from",
                        "valid_to",
                        "current",
                        "_partition",
                        "_offset");
        assertThat(view.columns())
                .filteredOn(Column::required)
                .extracting(Column::name)
                .containsExactly("id", "part", "at", "valid_from", "current", "_partition", "_offset");
        assertThat(views.known(pipeline, name)).isEqualTo(SHAPE.columns());
    }

    @Test
    void columns_join_and_widen_and_an_instance_that_does_not_know_them_keeps_them() {
        // Given
        Shape narrow = ColumnRows.shape(
                new Column("id", ColumnType.of(Kind.INT), true, ""),
                new Column("part", ColumnType.of(Kind.INT), true, ""),
                ColumnRows.column("value", Kind.INT),
                new Column("at", ColumnType.of(Kind.TIMESTAMP), true, ""));
        Shape wide = ColumnRows.shape(
                new Column("id", ColumnType.of(Kind.LONG), true, ""),
                new Column("part", ColumnType.of(Kind.INT), true, ""),
                ColumnRows.column("value", Kind.LONG),
                new Column("at", ColumnType.of(Kind.TIMESTAMP), true, ""),
                ColumnRows.column("more", Kind.STRING));
        View.History history = new View.History(name, "events", List.of("value"));
        Rows first =
                new ColumnRows(stream, narrow, 0).add(1, 0, 1L, 1L, 7L, 10_000L).build();
        Rows second = new ColumnRows(stream, wide, 0)
                .add(2, 0, 1L, 1L, 7L, 30_000L, "more")
                .add(3, 0, Long.MAX_VALUE, 1L, Long.MAX_VALUE, 30_000L, "most")
                .build();
        Rows late =
                new ColumnRows(stream, narrow, 0).add(4, 0, 1L, 1L, 8L, 20_000L).build();

        // When
        ViewsFixture.Applied old = views.view(stream, history, first);
        old.apply(first);
        views.view(stream, history, second).apply(second);
        old.apply(late);

        // Then
        assertThat(views.rows("SELECT id, value, more FROM " + table() + " ORDER BY id, valid_from"))
                .containsExactly(
                        java.util.Arrays.asList(1L, 7L, null),
                        java.util.Arrays.asList(1L, 8L, null),
                        List.of(1L, 7L, "more"),
                        List.of(Long.MAX_VALUE, Long.MAX_VALUE, "most"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"valid_from", "valid_to", "current"})
    void a_stream_with_a_field_of_such_a_name_has_no_history(String field) {
        Shape shape = ColumnRows.shape(
                ColumnRows.column("id", Kind.STRING),
                ColumnRows.column("part", Kind.LONG),
                ColumnRows.column("at", Kind.TIMESTAMP),
                ColumnRows.column(field, Kind.STRING));

        assertThatThrownBy(() -> views.view(
                        stream, new View.History(name, "events", List.of()), new ColumnRows(stream, shape, 0).build()))
                .isInstanceOf(ContractException.class)
                .hasMessage("views." + name + ".history: stream events has a field `" + field
                        + "`, and a history has a column of that name itself; rename the field, or make this a `log`"
                        + " view");
    }

    @Test
    void a_tracked_column_must_be_there() {
        assertThatThrownBy(() -> view("value", "speed"))
                .isInstanceOf(ContractException.class)
                .hasMessage("views." + name
                        + ".track: `track:` names `speed`, which stream events hasn't got; it has id, part,"
                        + " value, note, at");
    }

    @Test
    void a_standing_view_whose_events_are_gone_is_refused() {
        view("value");
        views.run("DROP TABLE leat.history_" + name);

        assertThatThrownBy(() -> view("value"))
                .isInstanceOf(ContractException.class)
                .hasMessage("view " + name + " exists in Postgres without the events that it is derived from, in leat."
                        + "\"history_" + name + "\"; give the view another name and restart: that one is derived"
                        + " from history, and DELETE /api/views/" + name + " drops this one");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void the_rows_follow_from_the_set_of_events_whatever_their_order_batches_and_restarts(boolean inTurn) {
        long seed = Seeds.first();
        for (int run = 0; run < Seeds.runs(5); run++) {
            random(seed + run, inTurn, name + "_" + run);
        }
    }

    private void random(long seed, boolean inTurn, String view) {
        // Given
        Random random = new Random(seed);
        View.History history = new View.History(view, "events", List.of("value"));
        List<Event> events = random(random, 120, 4);
        if (!inTurn) {
            Collections.shuffle(events, random);
        }
        ViewsFixture.Applied applied = views.view(stream, history, batch());
        Set<Event> told = new HashSet<>();

        // When
        for (int from = 0; from < events.size(); ) {
            int to = Math.min(events.size(), from + random.nextInt(1, 15));
            if (random.nextInt(6) == 0) {
                applied = views.view(stream, history, batch()); // as another process
            }
            for (int partition = 0; partition < 2; partition++) {
                Rows rows = batchOf(partition, events.subList(from, to));
                if (!rows.isEmpty()) {
                    applied.apply(rows);
                    if (random.nextInt(8) == 0) {
                        applied.apply(rows);
                    }
                }
            }
            told.addAll(events.subList(from, to));
            from = to;

            // Then
            assertThat(read(view)).as("seed " + seed + " after " + to).isEqualTo(HistoryRule.of(told));
        }
    }

    @Test
    void what_goes_on_is_what_a_latest_view_has() {
        long seed = Seeds.first();
        for (int run = 0; run < 200; run++) {
            // Given
            List<Event> events = random(new Random(seed + run), 60, 4).stream()
                    .filter(event -> event.partition() == 0)
                    .toList();
            LatestRule latest = new LatestRule(false, true);

            // When
            events.forEach(e -> latest.apply(
                    new LatestRule.Event(e.key(), e.value(), e.at(), e.partition(), e.offset(), e.isDelete())));

            // Then
            Map<String, String> current = new TreeMap<>();
            HistoryRule.of(events).stream()
                    .filter(row -> row.to() == null)
                    .forEach(row -> current.put(row.key(), row.value()));
            Map<String, String> newest = new TreeMap<>();
            latest.rows().forEach((key, row) -> newest.put(key, row.value()));
            assertThat(current).as("seed " + (seed + run)).isEqualTo(newest);
        }
    }

    @Test
    void lanes_that_share_keys_all_come_through() {
        // Given
        long seed = Seeds.first();
        ViewsFixture.Applied view = view("value");
        List<Event> events = random(new Random(seed), 600, 8);

        // When
        List<CompletableFuture<Void>> lanes = new ArrayList<>();
        for (int partition = 0; partition < 2; partition++) {
            List<Event> ofLane = new ArrayList<>(events);
            int lane = partition;
            ofLane.removeIf(event -> event.partition() != lane);
            lanes.add(CompletableFuture.runAsync(
                    () -> {
                        for (int from = 0; from < ofLane.size(); from += 7) {
                            view.apply(batchOf(lane, ofLane.subList(from, Math.min(from + 7, ofLane.size()))));
                        }
                    },
                    Thread::startVirtualThread));
        }

        // Then
        lanes.forEach(lane -> assertThat(lane).as("seed " + seed).succeedsWithin(Deadline.GENEROUS));
        assertThat(read(name)).as("seed " + seed).isEqualTo(HistoryRule.of(events));
    }

    /** Few keys, values and times, so that much comes together; some events late, some deletes' timestamps far off. */
    private static List<Event> random(Random random, int count, int keys) {
        List<Event> events = new ArrayList<>();
        long[] next = new long[2];
        for (int i = 0; i < count; i++) {
            int partition = random.nextInt(4) == 0 ? 1 : 0;
            long at = 1000 + i / 4 + random.nextInt(12);
            String key = String.valueOf((char) ('a' + random.nextInt(keys)));
            boolean delete = random.nextInt(5) == 0;
            events.add(new Event(
                    key,
                    delete ? null : random.nextInt(6) == 0 ? null : String.valueOf((char) ('x' + random.nextInt(3))),
                    delete ? null : "note " + i,
                    delete ? 0 : at,
                    random.nextInt(6) == 0 ? at + 500 : at + random.nextInt(-3, 6),
                    partition,
                    next[partition]++,
                    delete));
        }
        return events;
    }

    private static List<Row> read(String view) {
        List<Row> rows = new ArrayList<>();
        for (List<Object> row : views.rows("SELECT id, value, note, valid_from, valid_to, _partition, _offset, current,"
                + " part FROM views." + view + " ORDER BY id, valid_from")) {
            rows.add(new Row(
                    (String) row.get(0),
                    (String) row.get(1),
                    (String) row.get(2),
                    millis(row.get(3)),
                    row.get(4) == null ? null : millis(row.get(4)),
                    (Integer) row.get(5),
                    (Long) row.get(6)));
            assertThat(row.get(7)).isEqualTo(row.get(4) == null);
            assertThat(row.get(8)).isEqualTo(part((String) row.get(0)));
        }
        return rows;
    }

    private static long millis(Object time) {
        return ((OffsetDateTime) time).toInstant().toEpochMilli();
    }

    /** Each state with its first and last millisecond. */
    private List<String> history() {
        return read(name).stream()
                .map(row -> row.value() + " " + row.from() + "-" + (row.to() == null ? "" : row.to()))
                .toList();
    }

    private ViewsFixture.Applied view(String... track) {
        return views.view(stream, new View.History(name, "events", List.of(track)), batch());
    }

    private String table() {
        return "views." + name;
    }

    private static Event event(long offset, String value, long at) {
        return event("a", value, "note " + offset, at, 0, offset);
    }

    private static Event event(String key, String value, String note, long at, int partition, long offset) {
        return new Event(key, value, note, at, at + 1, partition, offset, false);
    }

    private static Event delete(long offset, long stamp) {
        return new Event("a", null, null, 0, stamp, 0, offset, true);
    }

    private Rows batch(Event... events) {
        return batch(stream, 0, List.of(events));
    }

    private Rows batchOf(int partition, List<Event> events) {
        List<Event> ofPartition = new ArrayList<>(events);
        ofPartition.removeIf(event -> event.partition() != partition);
        ofPartition.sort(Comparator.comparing(Event::offset));
        return batch(stream, partition, ofPartition);
    }

    private static Rows batch(Stream stream, int partition, List<Event> events) {
        ColumnRows rows = new ColumnRows(stream, SHAPE, partition);
        for (Event event : events) {
            if (event.isDelete()) {
                rows.delete(event.offset(), event.stamp(), event.key(), part(event.key()), null, null, null);
            } else {
                rows.add(
                        event.offset(),
                        event.stamp(),
                        event.key(),
                        part(event.key()),
                        event.value(),
                        event.note(),
                        event.at() * 1000);
            }
        }
        return rows.build();
    }

    /** The second column of a key. */
    private static long part(String key) {
        return 100 - key.charAt(0);
    }
}
