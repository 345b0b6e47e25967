package dev.leat.ops.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.view.lane.ViewsFixture;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What two processes tell each other through a real Postgres. */
class PgInstancesTest {

    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
    private static final Scope LANE = Scope.lane("taxi.rides", 3);

    private final Failures failures = new Failures(() -> NOON);
    private final UUID one = new UUID(0, 1);
    private final UUID two = new UUID(0, 2);
    private ViewsFixture database;
    private PgInstances lanes;
    private PgInstances api;

    @BeforeEach
    void open() {
        database = new ViewsFixture();
        lanes = new PgInstances(database.pool(), one);
        api = new PgInstances(database.pool(), two);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private List<Scope> tell() {
        return await(lanes.tell(failures.current(), Map.of("taxi.rides-3", "resting")));
    }

    @Test
    void what_one_tells_the_other_shows_and_it_is_over_when_it_is() {
        // Given
        failures.rest(LANE, Failure.Cause.DEFECT, "a fault, with a \u0000 in it", () -> {});
        tell();
        tell();

        // Then
        assertThat(await(api.others()))
                .isEqualTo(new PgInstances.Others(
                        List.of(new SeenFailure(
                                Scope.Kind.LANE,
                                "taxi.rides-3",
                                Failure.Cause.DEFECT,
                                "a fault, with a   in it",
                                NOON,
                                1,
                                true,
                                one)),
                        Map.of("taxi.rides-3", "resting")));
        assertThat(await(lanes.others())).describedAs("its own it knows").isEqualTo(PgInstances.Others.NONE);

        // When
        failures.over(LANE);
        tell();

        // Then
        assertThat(await(api.others()).failures()).isEmpty();
    }

    @Test
    void what_rests_in_one_is_resumed_through_the_other_once() {
        failures.rest(LANE, Failure.Cause.DEFECT, "a fault", () -> {});
        failures.report(Scope.stream("rides"), Failure.Cause.MISSING, "no topic");
        tell();

        assertThat(await(api.askToResume(LANE))).isEqualTo(1);
        assertThat(await(api.askToResume(Scope.stream("rides")))).isZero();
        assertThat(await(api.askToResume(Scope.lane("taxi.rides", 4)))).isZero();

        assertThat(tell()).containsExactly(LANE);
        assertThat(tell()).isEmpty();
    }

    @Test
    void what_does_not_fit_in_one_is_tried_at_once_through_the_other() {
        failures.report(Scope.view("counts"), Failure.Cause.UNFIT, "its name is taken", () -> {});
        tell();

        assertThat(await(api.askToResume(Scope.view("counts")))).isEqualTo(1);

        assertThat(tell()).containsExactly(Scope.view("counts"));
    }

    @Test
    void whoever_is_not_seen_any_more_does_not_count_and_is_swept() {
        failures.rest(LANE, Failure.Cause.DEFECT, "a fault", () -> {});
        tell();
        database.run("UPDATE leat.instance SET seen_at = now() - interval '11 seconds'");

        assertThat(await(api.others())).isEqualTo(PgInstances.Others.NONE);
        assertThat(await(api.askToResume(LANE))).isZero();

        // When
        database.run("UPDATE leat.instance SET seen_at = now() - interval '2 minutes'");
        await(api.tell(List.of(), Map.of()));

        // Then
        assertThat(database.rows("SELECT id FROM leat.instance")).containsExactly(List.of(two));
        assertThat(database.rows("SELECT count(*) FROM leat.failure")).containsExactly(List.of(0L));
    }

    @Test
    void whoever_leaves_in_order_is_gone_at_once() {
        failures.report(LANE, Failure.Cause.OUTAGE, "Postgres is away");
        tell();

        await(lanes.leave());

        assertThat(await(api.others())).isEqualTo(PgInstances.Others.NONE);
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(dev.leat.stack.Deadline.GENEROUS);
    }
}
