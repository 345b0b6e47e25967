package dev.leat.view.lane;

import static dev.leat.schema.topic.RideEvents.accepted;
import static dev.leat.schema.topic.RideEvents.finished;
import static dev.leat.schema.topic.RideEvents.paid;
import static dev.leat.schema.topic.RideEvents.requested;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.catalog.ViewTable;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream.OnPoison;
import dev.leat.pipeline.View;
import dev.leat.view.fold.FoldsFixture;
import dev.leat.view.lane.apply.BatchOutcome;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Folds of four types of events on one topic, with a real Postgres and a real Hibernate Reactive. */
class FoldViewsTest {

    private static final List<String> STREAMS =
            List.of("ride_paid", "ride_finished", "ride_accepted", "ride_requested");
    private static final String REFUSED = "fold trail refuses dev.leat.taxi.RidePaid: nobody pays 13.00";

    private static ViewsFixture database;
    private static FoldsFixture hibernate;

    @BeforeAll
    static void start() {
        database = new ViewsFixture();
        hibernate = new FoldsFixture(database.database(), List.of(Trail.class));
        database.with(hibernate.folds(Map.of("trail", new Trail.Folded())));
    }

    @AfterAll
    static void stop() {
        hibernate.close();
        database.close();
    }

    @Test
    void events_of_four_types_are_folded_in_the_order_of_their_offsets() {
        // Given
        RidesLane lane = lane("ordered", OnPoison.SKIP, 0);

        // When
        lane.events(requested("a"), accepted("a"), requested("b"), finished("a", "9.00"), paid("a", "9.00"))
                .apply();

        // Then
        assertThat(trails("ordered")).containsExactly(List.of("a", "R|A|F|P"), List.of("b", "R"));
        assertThat(lane.checkpoint()).isEqualTo(5);
        ViewTable table = database.catalogued("ordered");
        assertThat(table.kind()).isEqualTo("fold");
        assertThat(table.key()).containsExactly("ride_id");
        assertThat(table.columns())
                .extracting(c -> c.name() + " " + c.type().postgres())
                .containsExactly("ride_id text", "trail text");
    }

    @Test
    void the_next_batch_goes_on_with_the_states_of_the_one_before() {
        // Given
        RidesLane lane = lane("going_on", OnPoison.SKIP, 0);
        lane.events(requested("a"), requested("b"), requested("c")).apply();

        // When
        lane.events(accepted("b"), requested("d"), accepted("a"), finished("b", "1.00"))
                .apply();

        // Then
        assertThat(trails("going_on"))
                .containsExactly(List.of("a", "R|A"), List.of("b", "R|A|F"), List.of("c", "R"), List.of("d", "R"));
    }

    @Test
    void a_delete_ends_the_state_once_though_it_is_each_streams() {
        // Given
        RidesLane lane = lane("deleted", OnPoison.SKIP, 0);
        lane.events(requested("a"), requested("b"), requested("c")).apply();

        // When
        lane.delete("a").delete("b").events(paid("b", "1.00")).apply();

        // Then
        assertThat(trails("deleted")).containsExactly(List.of("b", "P"), List.of("c", "R"));
    }

    @Test
    void what_a_fold_refuses_is_a_dead_letter_and_leaves_nothing_behind() {
        // Given
        RidesLane lane = lane("refused", OnPoison.SKIP, 0);
        SpecificRecord[] batch = new SpecificRecord[60];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = i == 31 ? paid("a", Trail.POISON) : i % 2 == 0 ? requested("a") : accepted("b" + i);
        }

        // When
        lane.events(batch).apply();

        // Then
        assertThat(trails("refused"))
                .contains(List.of("a", "R" + "|R".repeat(29)))
                .hasSize(30);
        assertThat(lane.checkpoint()).isEqualTo(60);
        assertThat(letters("refused"))
                .containsExactly(List.of("ride_paid", "refused", 31L, "REFUSED_BY_VIEW", REFUSED));
    }

    @Test
    void behind_a_parked_event_those_of_the_other_streams_wait_and_come_back_in_order() {
        // Given
        Pipeline pipeline = pipeline("parked", OnPoison.PARK);
        RidesLane lane = new RidesLane(database, pipeline, "parked", 0);

        // When
        lane.events(requested("a"), paid("a", Trail.POISON), accepted("a"), requested("b"), finished("a", "2.00"))
                .apply();
        lane.events(paid("a", "2.00")).apply();

        // Then
        assertThat(trails("parked")).containsExactly(List.of("a", "R"), List.of("b", "R"));
        assertThat(lane.checkpoint()).isEqualTo(6);

        // When
        List<Long> letter = database.rows("SELECT id FROM leat.dead_letter WHERE topic = 'parked'").stream()
                .map(row -> (Long) row.getFirst())
                .toList();
        database.redrive(pipeline, lane.decoder(), "parked", 0, List.of(), letter);

        // Then
        assertThat(trails("parked")).containsExactly(List.of("a", "R|A|F|P"), List.of("b", "R"));
    }

    @Test
    void a_lane_that_is_told_to_stop_stops_in_front_of_what_a_fold_refuses() {
        // Given
        RidesLane lane = lane("stopped", OnPoison.STOP, 0);
        lane.events(requested("a"), paid("a", Trail.POISON));

        // When Then
        assertThat(lane.outcome())
                .isInstanceOfSatisfying(BatchOutcome.StoppedByPoison.class, poison -> assertThat(poison.message())
                        .contains("offset 1, refused by view stopped: " + REFUSED));
        assertThat(lane.checkpoint()).isZero();
        assertThat(trails("stopped")).isEmpty();
    }

    @Test
    void when_the_transaction_fails_at_its_end_neither_states_nor_checkpoint_have_moved() {
        // Given
        RidesLane lane = lane("crashed", OnPoison.SKIP, 0);
        lane.events(requested("a")).apply();
        database.run("""
                CREATE FUNCTION fail_at_commit() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN RAISE EXCEPTION ''the disk is full'' USING ERRCODE = ''53100''; END';
                CREATE CONSTRAINT TRIGGER fail_at_commit AFTER UPDATE ON leat.checkpoint DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW WHEN (new.topic = 'crashed') EXECUTE FUNCTION fail_at_commit()""");
        lane.events(accepted("a"), requested("b"));

        // When
        assertThatThrownBy(lane::apply).hasMessageContaining("the disk is full");

        // Then
        assertThat(trails("crashed")).containsExactly(List.of("a", "R"));
        assertThat(lane.checkpoint()).isEqualTo(1);

        // When
        database.run("DROP TRIGGER fail_at_commit ON leat.checkpoint");
        lane.apply();

        // Then
        assertThat(trails("crashed")).containsExactly(List.of("a", "R|A"), List.of("b", "R"));
        assertThat(lane.checkpoint()).isEqualTo(3);
    }

    @Test
    void a_zombie_that_folds_the_same_batch_again_changes_nothing() {
        // Given
        RidesLane lane = lane("fenced", OnPoison.SKIP, 0);
        RidesLane zombie = lane("fenced", OnPoison.SKIP, 0);
        lane.events(requested("a"), accepted("a")).apply();

        // When
        BatchOutcome again = zombie.events(requested("a"), accepted("a")).outcome();

        // Then
        assertThat(again).isEqualTo(new BatchOutcome.Fenced("fenced", 0, 0));
        assertThat(trails("fenced")).containsExactly(List.of("a", "R|A"));
    }

    private static RidesLane lane(String name, OnPoison onPoison, int partition) {
        return new RidesLane(database, pipeline(name, onPoison), name, partition);
    }

    /** The view is called as the topic. */
    private static Pipeline pipeline(String name, OnPoison onPoison) {
        return RidesLane.pipeline(name, onPoison, new View.Fold(name, STREAMS, "trail"));
    }

    private static List<List<Object>> trails(String view) {
        return database.rows("SELECT ride_id, trail FROM views." + view + " ORDER BY ride_id");
    }

    private static List<List<Object>> letters(String topic) {
        return database.rows("SELECT stream, view, \"offset\", reason, message FROM leat.dead_letter WHERE topic = '"
                + topic + "' ORDER BY \"offset\"");
    }
}
