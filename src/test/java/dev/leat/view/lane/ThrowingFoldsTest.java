package dev.leat.view.lane;

import static dev.leat.schema.topic.RideEvents.accepted;
import static dev.leat.schema.topic.RideEvents.paid;
import static dev.leat.schema.topic.RideEvents.requested;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream.OnPoison;
import dev.leat.pipeline.View;
import dev.leat.taxi.RideAccepted;
import dev.leat.taxi.RideFinished;
import dev.leat.taxi.RidePaid;
import dev.leat.taxi.RideRequested;
import dev.leat.view.fold.Fold;
import dev.leat.view.fold.FoldsFixture;
import dev.leat.view.fold.Transitions;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a fold throws for one event is a dead letter of that event, and no outage. */
class ThrowingFoldsTest {
    private static final List<String> STREAMS =
            List.of("ride_paid", "ride_finished", "ride_accepted", "ride_requested");
    private static ViewsFixture database;
    private static FoldsFixture hibernate;

    @BeforeAll
    static void start() {
        database = new ViewsFixture();
        hibernate = new FoldsFixture(database.database(), List.of(Trail.class));
        database.with(hibernate.folds(Map.of(
                "eof",
                        new Throwing(() -> {
                            try {
                                return new DataInputStream(new ByteArrayInputStream(new byte[3])).readLong();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        }),
                "timeout",
                        new Throwing(() -> {
                            throw new IllegalStateException(new java.util.concurrent.TimeoutException("rates"));
                        }),
                "asserting",
                        new Throwing(() -> {
                            throw new AssertionError("never");
                        }),
                "deep", new Throwing(ThrowingFoldsTest::deep))));
    }

    static Object deep() {
        return deep() + "";
    }

    @AfterAll
    static void stop() {
        hibernate.close();
        database.close();
    }

    record Throwing(Supplier<Object> what) implements Fold<Trail> {
        @Override
        public Transitions<Trail> transitions() {
            return Transitions.of(Trail.class)
                    .on(RideRequested.class, (state, event, at) -> of(state))
                    .on(RideAccepted.class, (state, event, at) -> of(state))
                    .on(RideFinished.class, (state, event, at) -> of(state))
                    .on(RidePaid.class, (state, event, at) -> {
                        if (event.getAmount().toString().equals("13.00")) {
                            what.get();
                        }
                        return of(state);
                    });
        }

        private static Trail of(Trail state) {
            Trail t = state == null ? new Trail() : state;
            t.trail += "x";
            return t;
        }
    }

    @ParameterizedTest
    @CsvSource({"eof", "timeout", "asserting", "deep"})
    void what_a_fold_throws_for_one_event_is_a_dead_letter(String fold) {
        // Given
        Pipeline pipeline = RidesLane.pipeline(fold, OnPoison.SKIP, new View.Fold(fold, STREAMS, fold));
        RidesLane lane = new RidesLane(database, pipeline, fold, 0);

        // When
        lane.events(requested("a"), paid("a", "13.00"), accepted("b")).apply();

        // Then
        assertThat(lane.checkpoint()).isEqualTo(3);
        assertThat(database.rows("SELECT view, message FROM leat.dead_letter WHERE topic = '" + fold + "'"))
                .hasSize(1);
    }
}
