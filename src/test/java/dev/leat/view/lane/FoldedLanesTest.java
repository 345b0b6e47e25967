package dev.leat.view.lane;

import static dev.leat.schema.topic.RideEvents.accepted;
import static dev.leat.schema.topic.RideEvents.requested;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream.OnPoison;
import dev.leat.pipeline.View;
import dev.leat.stack.Deadline;
import dev.leat.view.fold.FoldsFixture;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two lanes have events of the same key at the same time. The other lane is a transaction that the test holds open. */
class FoldedLanesTest {

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
    void a_state_that_another_lane_is_changing_is_read_when_that_lane_is_through() throws Exception {
        assertTurns("changing", "UPDATE views.changing SET trail = 'R|X' WHERE ride_id = 'a'", "R|X|A");
    }

    @Test
    void a_key_whose_first_state_another_lane_is_making_is_folded_on_from_it() throws Exception {
        assertTurns("making", "INSERT INTO views.making VALUES ('new', 'X')", "R|A");
        assertThat(trails("making")).contains(List.of("new", "X|A"));
    }

    private static void assertTurns(String name, String other, String expected) throws Exception {
        // Given
        Pipeline pipeline = RidesLane.pipeline(
                name,
                OnPoison.SKIP,
                new View.Fold(name, List.of("ride_requested", "ride_accepted", "ride_finished", "ride_paid"), "trail"));
        RidesLane lane = new RidesLane(database, pipeline, name, 0);
        lane.events(requested("a")).apply();
        SqlConnection connection = database.pool().getConnectionAndAwait();
        try (var lanes = Executors.newVirtualThreadPerTaskExecutor()) {
            connection.query("BEGIN").executeAndAwait();
            connection.query(other).executeAndAwait();

            // When
            lane.events(accepted("a"), accepted("new"));
            CompletableFuture<Void> applied = CompletableFuture.runAsync(lane::apply, lanes);
            await().atMost(Deadline.GENEROUS).until(() -> isWaiting() || applied.isDone());
            assertThat(applied).isNotDone();
            connection.query("COMMIT").executeAndAwait();
            applied.get();
        } finally {
            connection.closeAndAwait();
        }

        // Then
        assertThat(trails(name)).contains(List.of("a", expected));
        assertThat(lane.checkpoint()).isEqualTo(3);
    }

    private static boolean isWaiting() {
        return !database.rows("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                        + " AND datname = current_database()")
                .isEmpty();
    }

    private static List<List<Object>> trails(String view) {
        return database.rows("SELECT ride_id, trail FROM views." + view + " ORDER BY ride_id");
    }
}
