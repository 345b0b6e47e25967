package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.pipeline.View;
import dev.leat.schema.types.Rows;
import dev.leat.view.deduplication.DeduplicationFixture;
import dev.leat.view.lane.apply.BatchOutcome.Applied;
import dev.leat.view.lane.apply.BatchOutcome.Fenced;
import dev.leat.view.lane.apply.BatchOutcome.ParkedKeysStale;
import dev.leat.view.lane.apply.BatchOutcome.StoppedByPoison;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one transaction does with a batch, against a real Postgres. */
class BatchApplierTest {

    private static final String LOG = "SELECT string_agg(id, '|' ORDER BY _offset) FROM views.log";
    private static final String LATEST = "SELECT string_agg(id, '|' ORDER BY id) FROM views.latest";
    private static final String LETTERS =
            "SELECT string_agg(coalesce(view, '-') || ':' || convert_from(value, 'UTF8'), '|' ORDER BY \"offset\", view)"
                    + " FROM leat.dead_letter WHERE resolution IS NULL";
    private static final String PARKED =
            "SELECT string_agg(coalesce(view, '-') || ':' || convert_from(value, 'UTF8'), '|' ORDER BY \"offset\", view)"
                    + " FROM leat.parked_event";

    private ViewsFixture database;

    @BeforeEach
    void open() {
        database = new ViewsFixture();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void what_one_view_refuses_the_others_get_and_the_rest_goes_on() {
        // Given
        BatchFixture lane = lane(Stream.OnPoison.SKIP);
        lane.events("a1").apply();
        refuse("log", "id LIKE '%!'");

        // When
        Applied applied = lane.events("a2", "b1!", "c1", "d1", "e1!", "f1").apply();

        // Then
        assertThat(only(LOG)).isEqualTo("a1|a2|c1|d1|f1");
        assertThat(only(LATEST)).isEqualTo("a1|a2|b1!|c1|d1|e1!|f1");
        assertThat(only(LETTERS)).isEqualTo("log:b1!|log:e1!");
        assertThat(applied.deadLetters()).extracting(letter -> letter.view).containsExactly("log", "log");
        assertThat(applied.rows().getFirst().size())
                .describedAs("the lake gets them all")
                .isEqualTo(6);
        assertThat(lane.checkpoint()).isEqualTo(7);
    }

    @Test
    void only_what_is_refused_is_applied_view_by_view_and_what_comes_soon_behind_it() {
        // Given
        BatchFixture lane = lane(Stream.OnPoison.SKIP);
        lane.events("a1").apply();
        refuse("log", "id LIKE '%!'");

        // When
        lane.events("b1", "c1").apply();
        lane.events("d1", "e1!").apply();
        lane.events("f1", "g1").apply();

        // Then
        assertThat(only(LOG)).isEqualTo("a1|b1|c1|d1|f1|g1");
        assertThat(transactionsOf("b1")).describedAs("no savepoints").isEqualTo(1L);
        assertThat(transactionsOf("d1")).isEqualTo(2L);
        assertThat(transactionsOf("f1")).isEqualTo(2L);
    }

    /** By how many transactions, or parts behind a savepoint, this event came into the two views. */
    private Object transactionsOf(String id) {
        return database.rows("SELECT count(DISTINCT xmin::text) FROM (SELECT xmin, id FROM views.log UNION ALL"
                        + " SELECT xmin, id FROM views.latest) AS both_views WHERE id = '" + id + "'")
                .getFirst()
                .getFirst();
    }

    @Test
    void what_all_views_refuse_is_a_dead_letter_of_each() {
        // Given
        BatchFixture lane = lane(Stream.OnPoison.SKIP);

        // When
        lane.events("a1", "b\u0000", "c1").apply();

        // Then
        assertThat(only(LOG)).isEqualTo("a1|c1");
        assertThat(only(LATEST)).isEqualTo("a1|c1");
        assertThat(database.rows("SELECT view, reason FROM leat.dead_letter ORDER BY view"))
                .containsExactly(List.of("latest", "REFUSED_BY_VIEW"), List.of("log", "REFUSED_BY_VIEW"));
    }

    @Test
    void many_poisoned_rows_of_a_large_batch_are_found_in_one_transaction() {
        // Given
        BatchFixture lane = lane(Stream.OnPoison.SKIP);
        lane.events("a").apply();
        refuse("log", "id LIKE '%!'");
        String[] events = IntStream.range(0, 5_000)
                .mapToObj(i -> "k" + i + (i % 500 == 123 ? "!" : ""))
                .toArray(String[]::new);
        database.run("CREATE TABLE public.applied (transaction xid8)");
        database.run("CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " INSERT INTO public.applied VALUES (pg_current_xact_id()); RETURN NULL; END $$");
        database.run("CREATE TRIGGER note AFTER INSERT ON views.log EXECUTE FUNCTION public.note()");

        // When
        lane.events(events).apply();

        // Then
        assertThat(database.rows("SELECT count(*) FROM views.log").getFirst().getFirst())
                .isEqualTo(1L + 4_990);
        assertThat(database.rows("SELECT count(*) FROM leat.dead_letter")
                        .getFirst()
                        .getFirst())
                .isEqualTo(10L);
        assertThat(only("SELECT count(DISTINCT transaction::text) FROM public.applied"))
                .isEqualTo(1L);
    }

    @Test
    void park_keeps_later_events_of_the_key_behind_in_the_view_that_refused() {
        // Given
        BatchFixture lane = lane(Stream.OnPoison.PARK);
        lane.events("z1").apply();
        refuse("log", "id LIKE '%!'");

        // When
        lane.events("a1", "b1", "a2!", "b2", "a3", "b3").apply();
        lane.events("a4", "b4").apply();

        // Then
        assertThat(only(LOG)).isEqualTo("z1|a1|b1|b2|b3|b4");
        assertThat(only(LETTERS)).isEqualTo("log:a2!");
        assertThat(only(PARKED)).isEqualTo("log:a3|log:a4");
        assertThat(only(LATEST)).describedAs("the healthy view goes on").isEqualTo("a1|a2!|a3|a4|b1|b2|b3|b4|z1");
    }

    @Test
    void park_keeps_the_key_away_from_all_views_when_the_event_became_no_row() {
        // Given
        BatchFixture lane = lane(Stream.OnPoison.PARK);

        // When
        lane.events("a1").broken("a2").events("a3", "b1").apply();
        lane.forget();
        lane.events("a4", "b2").apply();

        // Then
        assertThat(only(LOG)).isEqualTo("a1|b1|b2");
        assertThat(only(LATEST)).isEqualTo("a1|b1|b2");
        assertThat(only(LETTERS)).isEqualTo("-:a2");
        assertThat(only(PARKED)).isEqualTo("-:a3|-:a4");
    }

    @Test
    void stop_applies_nothing_and_says_where() {
        // Given
        BatchFixture lane = lane(Stream.OnPoison.STOP);

        // When, then
        lane.events("a1").broken("b1").events("c1");
        assertThat(lane.outcome())
                .isEqualTo(new StoppedByPoison(
                        1,
                        "stream events stops at topic-0 offset 1: broken b1; mend the cause and resume the lane, or say `on-poison: skip`"
                                + " or `park` and restart"));
        assertThat(lane.checkpoint()).isZero();
        assertThat(only(LETTERS)).isNull();
    }

    @Test
    void a_type_that_is_not_declared_stops_the_lane_where_its_topic_says_so() {
        // Given
        Stream stream = new StreamFixture("events", "topic")
                .key("id")
                .eventTime("at")
                .undeclared(Stream.Undeclared.STOP)
                .build();
        BatchFixture lane = new BatchFixture(database, pipeline(stream), stream, 0);

        // When, then
        lane.events("a1").broken("b1").undeclared("c1");
        assertThat(lane.outcome())
                .isEqualTo(new StoppedByPoison(
                        2,
                        "the lane stops at topic-0 offset 2: undeclared c1; declare a stream of that type, or say"
                                + " `undeclared: dead-letter` or `ignore`, and restart"));
        assertThat(lane.checkpoint()).isZero();
    }

    @Test
    void a_batch_for_a_checkpoint_that_has_moved_changes_nothing() {
        // Given
        BatchFixture lane = lane(Stream.OnPoison.SKIP);
        LaneBatch batch = lane.events("a1", "b1").batch();
        lane.apply();

        // When, then
        assertThat(lane.views().outcome(batch)).isEqualTo(new Fenced("topic", 0, 0));
        assertThat(only(LOG)).isEqualTo("a1|b1");
    }

    @Test
    void a_batch_for_parked_keys_that_have_changed_changes_nothing() {
        // Given
        BatchFixture lane = lane(Stream.OnPoison.PARK);
        lane.events("a1").apply();
        database.run("UPDATE leat.checkpoint SET parked_version = parked_version + 1");

        // When, then
        lane.events("a2");
        assertThat(lane.outcome()).isEqualTo(new ParkedKeysStale());
        assertThat(only(LOG)).isEqualTo("a1");
        assertThat(lane.checkpoint()).isEqualTo(1);
    }

    @Test
    void duplicates_are_dropped_within_the_time_and_come_again_after_it() {
        // Given
        Stream stream = new StreamFixture("events", "topic")
                .key("id")
                .eventTime("at")
                .deduplicate(Duration.ofHours(1), "id")
                .build();
        BatchFixture lane = new BatchFixture(database, pipeline(stream), stream, 0);
        long start = 1_700_000_000_000L;

        // When
        Applied first = lane.at(start).events("a", "b", "a", "c").apply();
        Applied second = lane.at(start + 3_599_000).events("b", "d", "b").apply();
        lane.at(start + 3_601_000).events("b").apply();

        // Then
        assertThat(only(LOG)).isEqualTo("a|b|c|d|b");
        assertThat(first.duplicates()).containsEntry("events", 1);
        assertThat(second.duplicates()).containsEntry("events", 2);
        assertThat(second.rows().getFirst().size())
                .describedAs("what the lake gets")
                .isEqualTo(1);
    }

    @Test
    void events_that_are_read_again_for_the_lake_are_the_same_as_at_first() {
        // Given
        Stream stream = new StreamFixture("events", "topic")
                .key("id")
                .eventTime("at")
                .deduplicate(Duration.ofHours(1), "id")
                .build();
        BatchFixture lane = new BatchFixture(database, pipeline(stream), stream, 0);
        LaneBatch batch =
                lane.events("a", "b", "a").broken("x").events("c", "b").batch();
        List<Rows> first = lane.apply().rows();

        // When
        List<Rows> again = lane.views().forLake("topic", 0, batch.decoded().rows());

        // Then
        assertThat(offsets(first.getFirst())).containsExactly(0, 1, 4);
        assertThat(offsets(again.getFirst())).containsExactly(0, 1, 4);
    }

    @Test
    void duplicates_on_another_partition_are_dropped_too() {
        // Given
        Stream stream = new StreamFixture("events", "topic")
                .deduplicate(Duration.ofDays(7), "id")
                .build();
        Pipeline pipeline = new Pipeline(
                java.util.Map.of("events", stream), java.util.Map.of("log", new View.Log("log", "events")));
        BatchFixture one = new BatchFixture(database, pipeline, stream, 0);
        BatchFixture other = new BatchFixture(database, pipeline, stream, 1);

        // When
        one.events("a", "b").apply();
        other.events("b", "c").apply();

        // Then
        assertThat(database.rows("SELECT string_agg(id, '|' ORDER BY id) FROM views.log")
                        .getFirst()
                        .getFirst())
                .isEqualTo("a|b|c");
    }

    @Test
    void ids_are_forgotten_by_dropping_the_days_that_no_lane_needs() {
        // Given
        Stream stream = new StreamFixture("events", "topic")
                .key("id")
                .eventTime("at")
                .deduplicate(Duration.ofDays(2), "id")
                .build();
        new BatchFixture(database, pipeline(stream), stream, 0).events("a").apply();
        for (int day = 1; day <= 9; day++) {
            String from = "current_date - " + day;
            database.run("DO $$ BEGIN EXECUTE format('CREATE TABLE leat.seen_events_%s PARTITION OF leat.seen_events"
                    + " FOR VALUES FROM (%L) TO (%L)', to_char(" + from + ", 'YYYYMMDD'), " + from + ", " + from
                    + " + 1); END $$");
            database.run("INSERT INTO leat.seen_events VALUES (gen_random_uuid(), now() - interval '" + day + " days', "
                    + day + ", 0, current_date - " + day + ")");
        }

        // When a process begins its day, with a lane that is five days behind
        database.run("UPDATE leat.checkpoint SET last_timestamp = now() - interval '5 days'");
        new BatchFixture(database, pipeline(stream), stream, 0);
        database.views(pipeline(stream));
        DeduplicationFixture.seen(database.pool(), database.config())
                .ensure(stream, java.time.LocalDate.now(java.time.ZoneOffset.UTC));

        // Then
        assertThat(database.rows("SELECT count(*) FROM pg_inherits WHERE inhparent = 'leat.seen_events'::regclass")
                        .getFirst()
                        .getFirst())
                .describedAs("today, and the seven days that an event of five days ago may repeat")
                .isIn(8L, 7L);
    }

    private static int[] offsets(Rows rows) {
        return IntStream.range(0, rows.size())
                .map(row -> (int) rows.offset(row))
                .toArray();
    }

    private BatchFixture lane(Stream.OnPoison policy) {
        Stream stream = new StreamFixture("events", "topic")
                .key("id")
                .eventTime("at")
                .onPoison(policy)
                .build();
        return new BatchFixture(database, pipeline(stream), stream, 0);
    }

    private static Pipeline pipeline(Stream stream) {
        return ViewsFixture.pipeline(
                stream,
                new View.Latest("latest", stream.name(), false, Duration.ofDays(30)),
                new View.Log("log", stream.name()));
    }

    private void refuse(String view, String condition) {
        database.run("ALTER TABLE views." + view + " ADD CONSTRAINT no CHECK (NOT (" + condition + "))");
    }

    private Object only(String sql) {
        return database.rows(sql).getFirst().getFirst();
    }
}
