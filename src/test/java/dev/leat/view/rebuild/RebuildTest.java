package dev.leat.view.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.catalog.Definitions;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.pipeline.View;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.RowsFixture;
import dev.leat.schema.types.Shape;
import dev.leat.view.lane.BatchFixture;
import dev.leat.view.lane.LaneBatch;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.lane.apply.BatchOutcome;
import dev.leat.view.rebuild.Rebuild.Source;
import dev.leat.view.rebuild.Rebuild.State;
import dev.leat.view.table.ViewTables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** A view is made anew while its lanes flow: what it has in the end is what the log has, once. */
class RebuildTest {

    private static final String[] IDS = {"a", "b", "c", "d", "e"};

    private final long seed = Long.getLong("leat.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Stream stream =
            new StreamFixture("words", "topic").key("id").eventTime("at").build();
    private final Pipeline before = pipeline(new View.Latest("latest", "words", false, Duration.ofDays(7)));
    private final Pipeline after = pipeline(new View.Latest("latest", "words", true, Duration.ofDays(7)));

    private final ViewsFixture database = new ViewsFixture();
    private final Map<Integer, List<LaneBatch>> history = new TreeMap<>();
    private final Map<Integer, BatchFixture> lanes = new TreeMap<>();
    private Pipeline running = before;

    private Pipeline pipeline(View.Latest latest) {
        return ViewsFixture.pipeline(stream, latest, new View.Log("log", "words"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void open(int partitions) {
        for (int partition = 0; partition < partitions; partition++) {
            lanes.put(partition, new BatchFixture(database, running, stream, partition));
            history.put(partition, new ArrayList<>());
        }
    }

    @RepeatedTest(8)
    void a_view_that_is_rebuilt_at_random_times_ends_up_as_the_log_says() {
        System.err.println("-Dleat.seed=" + seed);
        // Given
        open(2);
        database.tables(before)
                .ensure(stream, new RowsFixture(stream, "id", "at", 0).build().shape());

        // When
        for (int step = 0; step < 120; step++) {
            int partition = random.nextInt(2);
            switch (random.nextInt(12)) {
                case 0 -> restart(partition);
                case 1 -> request(List.of("latest", "log").get(random.nextInt(2)));
                case 2 -> pauseOrResume(List.of("latest", "log").get(random.nextInt(2)));
                case 3 -> cancel(List.of("latest", "log").get(random.nextInt(2)));
                case 4, 5, 6, 7 -> catchUp();
                default -> write(partition);
            }
        }
        for (int round = 0; round < 2000 && isUnderWay(); round++) {
            resumeAll();
            catchUp();
        }

        // Then
        assertThat(isUnderWay()).describedAs("seed " + seed).isFalse();
        assertThat(database.rows("SELECT _partition, _offset, id FROM views.log ORDER BY 1, 2"))
                .describedAs("seed " + seed)
                .isEqualTo(positions());
        assertThat(database.rows("SELECT id, _offset FROM views.latest ORDER BY 1"))
                .describedAs("seed " + seed)
                .isEqualTo(newest());
        assertThat(database.rows("SELECT view FROM leat.view_lane")).isEmpty();
        assertThat(database.rows("SELECT tablename FROM pg_tables WHERE tablename LIKE '%@%'"))
                .isEmpty();
    }

    @Test
    void readers_see_the_old_view_until_the_new_one_is_complete() {
        // Given
        open(1);
        write(0, "a", "b", "a");
        running = after;
        database.changes(after).settle(stream);
        Rebuilds rebuilds = database.rebuilds(after);
        Rebuild requested = rebuilds.find("latest").orElseThrow();
        assertThat(requested.state()).isEqualTo(State.REQUESTED);

        // When
        rebuilds.begin(
                requested,
                Map.of(
                        "words",
                        history.get(0).getFirst().decoded().rows().getFirst().shape()),
                Map.of("topic", Map.of(0, 0L)),
                Map.of());
        write(0, "c");

        // Then
        Rebuild begun = rebuilds.find("latest").orElseThrow();
        assertThat(begun.builds()).isEqualTo("latest@2");
        assertThat(begun.todo()).isEqualTo(4);
        assertThat(rebuilds.finish("latest")).isFalse();
        assertThat(database.rows("SELECT id FROM views.latest ORDER BY 1"))
                .isEqualTo(List.of(List.of("a"), List.of("b"), List.of("c")));
        assertThat(database.catalogued("latest").column("_deleted")).isEmpty();

        // When
        drive("latest");

        // Then
        assertThat(database.catalogued("latest").column("_deleted")).isPresent();
        assertThat(database.rows("SELECT id, _offset, _deleted FROM views.latest ORDER BY 1"))
                .isEqualTo(List.of(List.of("a", 2L, false), List.of("b", 1L, false), List.of("c", 3L, false)));
        assertThat(database.rows("SELECT to_regclass('leat.tombstone_latest')::text"))
                .isEqualTo(nothing());
    }

    @Test
    void an_instance_that_looks_at_a_views_columns_while_another_replaces_it_leaves_the_new_definition()
            throws Exception {
        // Given
        open(1);
        write(0, "a", "b");
        ViewTables elsewhere = database.tables(before);
        Shape shape = history.get(0).getFirst().decoded().rows().getFirst().shape();
        AtomicBoolean over = new AtomicBoolean();
        // Not on the common pool: its threads may have the class loader of a Quarkus application that tests had before.
        CompletableFuture<Void> looking = CompletableFuture.runAsync(
                () -> {
                    while (!over.get()) {
                        elsewhere.invalidate(stream);
                        elsewhere.ensure(stream, shape);
                    }
                },
                Thread::startVirtualThread);

        for (int round = 0; round < 10; round++) {
            // When
            running = running == before ? after : before;
            database.changes(running).settle(stream);
            drive("latest");

            // Then
            assertThat(database.rows("SELECT definition::jsonb ->> 'soft-delete' FROM leat.view WHERE name = 'latest'"))
                    .isEqualTo(List.of(List.of(running == after ? "true" : "false")));
        }
        over.set(true);
        looking.get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_new_view_of_a_stream_that_was_read_gets_its_history() {
        // Given
        open(1);
        write(0, "a", "b");
        running = ViewsFixture.pipeline(stream, new View.Log("log", "words"), new View.Log("second", "words"));

        // When
        database.changes(running).settle(stream);
        restart(0);
        write(0, "c");

        // Then
        assertThat(database.rows("SELECT to_regclass('views.second')::text")).isEqualTo(nothing());
        drive("second");
        write(0, "d");
        assertThat(database.rows("SELECT id FROM views.second ORDER BY _offset"))
                .isEqualTo(List.of(List.of("a"), List.of("b"), List.of("c"), List.of("d")));
    }

    @Test
    void a_view_that_was_left_out_for_a_while_is_made_anew() {
        // Given
        open(1);
        write(0, "a");
        running = ViewsFixture.pipeline(stream, new View.Latest("latest", "words", false, Duration.ofDays(7)));
        database.changes(running).settle(stream);
        restart(0);
        write(0, "b");
        running = before;

        // When
        database.changes(running).settle(stream);
        restart(0);
        drive("log");

        // Then
        assertThat(database.rows("SELECT id FROM views.log ORDER BY _offset"))
                .isEqualTo(List.of(List.of("a"), List.of("b")));
    }

    @Test
    void who_thinks_that_a_rebuild_is_still_its_own_changes_nothing() {
        // Given
        open(1);
        write(0, "a", "b");
        write(0, "c");
        Rebuilds rebuilds = database.rebuilds(before);
        begin(rebuilds, database.requests(before).request("log", Source.ALL));
        LaneToCatchUp lane = lane(rebuilds, "log").orElseThrow();
        CatchUp batch = batch("log", lane);
        assertThat(rebuilds.apply(batch)).isEqualTo(new CatchUpOutcome.Applied());

        // When, Then
        assertThat(database.rebuilds(before).apply(batch)).isInstanceOf(CatchUpOutcome.Fenced.class);
        assertThat(lane(rebuilds, "log").orElseThrow().next()).isEqualTo(2);
    }

    @Test
    void what_the_lake_alone_knows_becomes_no_dead_letter() {
        // Given
        open(1);
        write(0, "a", "b");
        Rebuilds rebuilds = database.rebuilds(before);
        begin(rebuilds, database.requests(before).request("log", Source.ALL));
        database.run("ALTER TABLE views.\"log@2\" ADD CHECK (id <> 'b')");
        LaneToCatchUp lane = lane(rebuilds, "log").orElseThrow();
        CatchUp batch = batch("log", lane);
        CatchUp fromLake = new CatchUp(
                batch.view(), "topic", 0, lane.next(), lane.version(), batch.next(), batch.rows(), offset -> null);

        // When, Then
        assertThat(rebuilds.apply(fromLake))
                .isInstanceOfSatisfying(CatchUpOutcome.NeedsRecords.class, needs -> assertThat(needs.message())
                        .isEqualTo("the record topic-0@1 is needed, because view log@2 can't hold its event or events"
                                + " behind it wait; the lake has only its row"));
        assertThat(rebuilds.apply(batch)).isEqualTo(new CatchUpOutcome.Applied());
        drive("log");
        assertThat(database.rows("SELECT view, \"offset\" FROM leat.dead_letter"))
                .isEqualTo(List.of(List.of("log", 1L)));
        assertThat(database.rows("SELECT id FROM views.log")).isEqualTo(List.of(List.of("a")));
    }

    @Test
    void letters_of_the_old_generation_are_superseded() {
        // Given
        open(1);
        database.tables(before)
                .ensure(stream, new RowsFixture(stream, "id", "at", 0).build().shape());
        database.run("ALTER TABLE views.log ADD CHECK (id <> 'b')");
        write(0, "a", "b");
        Rebuilds rebuilds = database.rebuilds(before);

        // When
        begin(rebuilds, database.requests(before).request("log", Source.ALL));
        drive("log");

        // Then
        assertThat(database.rows("SELECT id FROM views.log ORDER BY 1")).isEqualTo(List.of(List.of("a"), List.of("b")));
        assertThat(database.rows("SELECT view, resolution FROM leat.dead_letter"))
                .isEqualTo(List.of(List.of("log", "superseded")));
    }

    @Test
    void who_may_read_the_old_table_may_read_the_new_one() {
        open(1);
        write(0, "a");
        database.run("DROP ROLE IF EXISTS reader_of_views; CREATE ROLE reader_of_views;"
                + " GRANT SELECT ON views.log TO reader_of_views");
        Rebuilds rebuilds = database.rebuilds(before);
        begin(rebuilds, database.requests(before).request("log", Source.ALL));
        drive("log");
        assertThat(database.rows("SELECT has_table_privilege('reader_of_views', 'views.log', 'SELECT')"))
                .isEqualTo(List.of(List.of(true)));
        database.run("DROP OWNED BY reader_of_views; DROP ROLE reader_of_views");
    }

    @Test
    void another_key_is_refused() {
        open(1);
        write(0, "a");
        Stream keyed =
                new StreamFixture("words", "topic").key("at").eventTime("at").build();
        DefinitionChanges changes = database.changes(
                ViewsFixture.pipeline(keyed, new View.Latest("latest", "words", false, Duration.ofDays(7))));
        assertThatThrownBy(() -> changes.settle(keyed))
                .isInstanceOf(ContractException.class)
                .hasMessage(
                        "streams.words.key: view latest has key id, and the pipeline says at: a key can't be changed by a rebuild, for"
                                + " deletes in the lake know the old one only; give the view and its stream other names, or go"
                                + " back to key: id");
    }

    @Test
    void what_does_not_fit_the_state_is_refused() {
        open(1);
        write(0, "a");
        RebuildRequests requests = database.requests(before);
        assertThatThrownBy(() -> requests.resume("log"))
                .isInstanceOf(RebuildConflict.class)
                .hasMessage("view log is neither paused nor being rebuilt; there is nothing to resume");
        requests.request("log", Source.ALL);
        assertThatThrownBy(() -> requests.request("log", Source.ALL))
                .isInstanceOf(RebuildConflict.class)
                .hasMessage("view log is being rebuilt; cancel that first, or let it come to an end");
        requests.cancel("log");
        requests.pause("log");
        assertThatThrownBy(() -> requests.cancel("log"))
                .isInstanceOf(RebuildConflict.class)
                .hasMessage("view log isn't being rebuilt, it is paused or catches up after that; resume it, or rebuild"
                        + " it once it has come to an end");
        assertThatThrownBy(() -> requests.request("log", Source.ALL))
                .isInstanceOf(RebuildConflict.class)
                .hasMessage("view log is paused or catches up; resume it and let it come to an end first");
    }

    private static List<List<Object>> nothing() {
        return List.of(java.util.Collections.singletonList(null));
    }

    /** Ids of one partition don't come on the other: what is latest across lanes isn't promised. */
    private void write(int partition) {
        String[] ids = new String[1 + random.nextInt(4)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = IDS[random.nextInt(IDS.length)] + partition;
        }
        write(partition, ids);
    }

    private void write(int partition, String... ids) {
        BatchFixture lane = lanes.get(partition).events(ids);
        while (true) {
            LaneBatch batch = lane.batch();
            BatchOutcome outcome = lane.outcome();
            if (outcome instanceof BatchOutcome.Applied) {
                history.get(partition).add(batch);
                return;
            }
            assertThat(outcome).isEqualTo(new BatchOutcome.ParkedKeysStale());
            lane.invalidate();
        }
    }

    private void restart(int partition) {
        long next = lanes.get(partition).checkpoint();
        lanes.put(partition, new BatchFixture(database, running, stream, partition));
        assertThat(lanes.get(partition).batch().expected()).isEqualTo(next);
    }

    private void request(String view) {
        if (history.values().stream().allMatch(List::isEmpty)) {
            return;
        }
        Pipeline asked = random.nextBoolean() ? before : after;
        try {
            begin(database.rebuilds(asked), database.requests(asked).request(view, Source.ALL));
        } catch (RebuildConflict conflict) {
            // It is under way.
        }
    }

    private void begin(Rebuilds rebuilds, Rebuild requested) {
        rebuilds.begin(
                requested,
                Map.of("words", new RowsFixture(stream, "id", "at", 0).build().shape()),
                Map.of("topic", Map.of(0, 0L, 1, 0L)),
                Map.of());
    }

    private void pauseOrResume(String view) {
        RebuildRequests requests = database.requests(before);
        boolean isPaused = database.rebuilds(before)
                .find(view)
                .filter(r -> r.state() == State.PAUSED)
                .isPresent();
        if (isPaused) {
            requests.resume(view);
        } else {
            requests.pause(view);
        }
    }

    private void cancel(String view) {
        try {
            database.requests(before).cancel(view);
        } catch (RebuildConflict conflict) {
            // There is nothing to cancel.
        }
    }

    private boolean isUnderWay() {
        return database.rebuilds(before).all().stream().anyMatch(r -> !r.state().isOver());
    }

    private void resumeAll() {
        RebuildRequests requests = database.requests(before);
        database.rebuilds(before).all().stream()
                .filter(r -> r.state() == State.PAUSED)
                .forEach(r -> requests.resume(r.view()));
    }

    /** One step of each rebuild, by an instance that has just started. */
    private void catchUp() {
        for (Rebuild rebuild : database.rebuilds(before).all()) {
            if (rebuild.state() == State.RUNNING) {
                step(rebuild.view());
            }
        }
    }

    private void drive(String view) {
        Rebuilds rebuilds = database.rebuilds(running);
        rebuilds.find(view)
                .filter(r -> r.state() == State.REQUESTED)
                .ifPresent(requested -> begin(rebuilds, requested));
        for (int i = 0; i < 100 && !rebuilds.find(view).orElseThrow().state().isOver(); i++) {
            step(view);
        }
        assertThat(rebuilds.find(view).orElseThrow().state()).isEqualTo(State.DONE);
    }

    private void step(String view) {
        Rebuilds rebuilds = database.rebuilds(running);
        Optional<LaneToCatchUp> behind = lane(rebuilds, view);
        if (behind.isEmpty()) {
            rebuilds.finish(view);
            return;
        }
        LaneToCatchUp lane = behind.get();
        if (lane.next() < lane.checkpoint() && random.nextBoolean()) {
            assertThat(rebuilds.apply(batch(view, lane))).isEqualTo(new CatchUpOutcome.Applied());
        } else {
            assertThat(rebuilds.handOver(lane, checkpoint -> Optional.of(rest(view, lane))))
                    .isNotInstanceOf(CatchUpOutcome.RolledBack.class);
        }
    }

    private Optional<LaneToCatchUp> lane(Rebuilds rebuilds, String view) {
        List<LaneToCatchUp> behind = rebuilds.lanes(rebuilds.find(view).orElseThrow());
        return behind.isEmpty() ? Optional.empty() : Optional.of(behind.get(random.nextInt(behind.size())));
    }

    /** The next batch of the log, or what is left in front of where the view stands. */
    private CatchUp batch(String view, LaneToCatchUp lane) {
        List<LaneBatch> batches = history.get(lane.partition());
        if (lane.next() >= lane.checkpoint()) {
            return new CatchUp(
                    built(view),
                    "topic",
                    lane.partition(),
                    lane.next(),
                    lane.version(),
                    lane.next(),
                    List.of(),
                    o -> null);
        }
        LaneBatch next = batches.stream()
                .filter(batch -> batch.expected() == lane.next())
                .findFirst()
                .orElseThrow();
        return new CatchUp(
                built(view),
                "topic",
                lane.partition(),
                lane.next(),
                lane.version(),
                next.next(),
                next.decoded().rows(),
                next::record);
    }

    private CatchUp rest(String view, LaneToCatchUp lane) {
        return batch(view, lane);
    }

    private View built(String view) {
        Rebuild rebuild = database.rebuilds(before).find(view).orElseThrow();
        return Definitions.named(rebuild.builds(), rebuild.definition());
    }

    private List<List<Object>> positions() {
        List<List<Object>> positions = new ArrayList<>();
        history.forEach((partition, batches) -> batches.forEach(batch -> {
            Rows rows = batch.decoded().rows().getFirst();
            for (int row = 0; row < rows.size(); row++) {
                positions.add(
                        List.of(partition, rows.offset(row), rows.vector("id").objectAt(row)));
            }
        }));
        return positions;
    }

    private List<List<Object>> newest() {
        Map<String, Long> newest = new TreeMap<>();
        positions().forEach(position -> newest.put((String) position.get(2), (Long) position.get(1)));
        List<List<Object>> rows = new ArrayList<>();
        newest.forEach((id, offset) -> rows.add(List.of(id, offset)));
        return rows;
    }
}
