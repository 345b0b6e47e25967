package dev.leat.view.rebuild;

import static dev.leat.schema.topic.RideEvents.accepted;
import static dev.leat.schema.topic.RideEvents.finished;
import static dev.leat.schema.topic.RideEvents.requested;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.catalog.Definitions;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream.OnPoison;
import dev.leat.pipeline.View;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.topic.RideEvents;
import dev.leat.schema.types.Shape;
import dev.leat.view.fold.Fold;
import dev.leat.view.fold.FoldsFixture;
import dev.leat.view.fold.Transitions;
import dev.leat.view.lane.RidesLane;
import dev.leat.view.lane.Trail;
import dev.leat.view.lane.ViewsFixture;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fold comes to other states than before: its view is made anew, of all its types of events in their order. */
class RebuiltFoldsTest {

    private static final Pipeline PIPELINE = RidesLane.pipeline(
            "trails",
            OnPoison.SKIP,
            new View.Fold("trails", List.of("ride_paid", "ride_finished", "ride_accepted", "ride_requested"), "trail"));

    private ViewsFixture database;
    private FoldsFixture hibernate;

    @BeforeEach
    void start() {
        database = new ViewsFixture();
        hibernate = new FoldsFixture(database.database(), List.of(Trail.class));
        database.with(hibernate.folds(Map.of("trail", new Trail.Folded())));
    }

    @AfterEach
    void stop() {
        hibernate.close();
        database.close();
    }

    /** The same letters twice. */
    private static final class Second implements Fold<Trail> {
        private final Transitions<Trail> first = new Trail.Folded().transitions();

        @Override
        public Transitions<Trail> transitions() {
            Transitions<Trail> twice = Transitions.of(Trail.class);
            return twice.on(dev.leat.taxi.RideRequested.class, (s, e, at) -> again(first.apply(s, e, at), "r"))
                    .on(dev.leat.taxi.RideAccepted.class, (s, e, at) -> again(first.apply(s, e, at), "a"))
                    .on(dev.leat.taxi.RideFinished.class, (s, e, at) -> again(first.apply(s, e, at), "f"))
                    .on(dev.leat.taxi.RidePaid.class, (s, e, at) -> again(first.apply(s, e, at), "p"));
        }

        private static Trail again(Trail state, String letter) {
            state.trail += letter;
            return state;
        }

        @Override
        public int version() {
            return 2;
        }
    }

    @Test
    void another_version_of_a_fold_makes_its_view_anew() {
        // Given
        RidesLane old = new RidesLane(database, PIPELINE, "trails", 0);
        old.events(requested("a"), requested("b"), accepted("a")).apply();
        old.events(finished("a", "9.00"), accepted("b")).apply();
        database.with(hibernate.folds(Map.of("trail", new Second())));
        RidesLane young = new RidesLane(database, PIPELINE, "trails", 0);

        // When
        Rebuilds rebuilds = database.rebuilds(PIPELINE);
        Rebuild requested = rebuilds.find("trails").orElseThrow();
        rebuilds.begin(requested, shapes(), Map.of("trails", Map.of(0, 0L)), Map.of());
        assertThat(rebuilds.apply(old.catchUp(built(rebuilds), lane(rebuilds), 2)))
                .isEqualTo(new CatchUpOutcome.Applied());
        assertThat(trails()).containsExactly(List.of("a", "R|A|F"), List.of("b", "R|A"));
        LaneToCatchUp rest = lane(rebuilds);
        View built = built(rebuilds);
        assertThat(rebuilds.handOver(rest, checkpoint -> java.util.Optional.of(old.catchUp(built, rest, checkpoint))))
                .isEqualTo(new CatchUpOutcome.Applied());
        young.events(accepted("c"), finished("b", "1.00")).apply();
        assertThat(rebuilds.finish("trails")).isTrue();

        // Then
        assertThat(trails()).containsExactly(List.of("a", "Rr|Aa|Ff"), List.of("b", "Rr|Aa|Ff"), List.of("c", "Aa"));
        young.forget();
        young.events(requested("d")).apply();
        assertThat(trails()).contains(List.of("d", "Rr"));
    }

    @Test
    void an_instance_with_an_older_version_waits() {
        // Given
        RidesLane old = new RidesLane(database, PIPELINE, "trails", 0);
        database.with(hibernate.folds(Map.of("trail", new Second())));
        new RidesLane(database, PIPELINE, "trails", 0);
        database.tables(PIPELINE).ensure(PIPELINE.stream("ride_paid"), shapes().get("ride_paid"));

        // When, Then
        assertThatThrownBy(() -> old.events(requested("a")).apply())
                .isInstanceOf(ContractException.class)
                .hasMessage(
                        "views.trails.with: fold `trail` is version 1 here, and the view was built by version 2; run"
                                + " the application that has it");
    }

    private static Map<String, Shape> shapes() {
        RideEvents events = new RideEvents(List.copyOf(PIPELINE.streams().values()));
        Map<String, Shape> shapes = new TreeMap<>();
        PIPELINE.streams().forEach((name, stream) -> shapes.put(name, events.shape(stream)));
        return shapes;
    }

    private static View built(Rebuilds rebuilds) {
        Rebuild rebuild = rebuilds.find("trails").orElseThrow();
        return Definitions.named(rebuild.builds(), rebuild.definition());
    }

    private static LaneToCatchUp lane(Rebuilds rebuilds) {
        return rebuilds.lanes(rebuilds.find("trails").orElseThrow()).getFirst();
    }

    private List<List<Object>> trails() {
        return database.rows("SELECT ride_id, trail FROM views.trails ORDER BY 1");
    }
}
