package dev.leat.view.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.pipeline.View;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.topic.RideEvents;
import dev.leat.taxi.RideAccepted;
import dev.leat.taxi.RideRequested;
import dev.leat.view.fold.Fold;
import dev.leat.view.fold.FoldsFixture;
import dev.leat.view.fold.Transitions;
import dev.leat.view.lane.RidesLane;
import dev.leat.view.lane.Trail;
import dev.leat.view.lane.ViewsFixture;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What can't be a fold is refused when the application starts, and what a state may be made of. */
class RefusedFoldsTest {

    private static final Stream ACCEPTED = new StreamFixture("ride_accepted", "accepted")
            .type("dev.leat.taxi.RideAccepted")
            .key("ride_id")
            .build();

    private static ViewsFixture database;
    private static FoldsFixture hibernate;

    @BeforeAll
    static void start() {
        database = new ViewsFixture();
        hibernate = new FoldsFixture(
                database.database(),
                List.of(Trail.class, Generated.class, Gathering.class, Priced.class, Lasting.class, OfVendor.class));
        database.with(hibernate.folds(Map.of(
                "trail", new Trail.Folded(),
                "generated", folding(Generated.class),
                "gathering", folding(Gathering.class),
                "priced", folding(Priced.class),
                "lasting", folding(Lasting.class),
                "stranger", folding(String.class),
                "vendors", new OfVendor.Folded())));
    }

    @AfterAll
    static void stop() {
        hibernate.close();
        database.close();
    }

    @Test
    void a_fold_that_is_not_there() {
        assertRefused(
                "rides",
                ACCEPTED,
                "views.v.with: there is no fold `rides`; the application has gathering, generated, lasting, priced,"
                        + " stranger, trail, vendors");
    }

    @Test
    void a_stream_of_a_type_that_the_fold_has_nothing_for() {
        assertRefused(
                "vendors",
                new StreamFixture("ride_requested", "requested")
                        .type("dev.leat.taxi.RideRequested")
                        .key("ride_id", "pu_location_id")
                        .build(),
                "views.v: fold vendors has no transition on dev.leat.taxi.RideRequested, the type of stream"
                        + " ride_requested; it has dev.leat.taxi.RideAccepted");
    }

    @Test
    void a_stream_of_a_type_that_nobody_knows() {
        assertRefused(
                "trail",
                new StreamFixture("rides", "rides").key("ride_id").build(),
                "streams.rides: view v is a fold, which needs to know the type of its events; say `type:` or"
                        + " `contract:`");
    }

    @Test
    void a_stream_with_another_key_than_the_state() {
        assertRefused(
                "trail",
                new StreamFixture("ride_accepted", "accepted")
                        .type("dev.leat.taxi.RideAccepted")
                        .key("ride_id", "vendor_id")
                        .build(),
                "views.v: the id of dev.leat.view.lane.Trail is ride_id, but the key of stream ride_accepted is ride_id,"
                        + " vendor_id; they must be the same");
    }

    @Test
    void a_stream_whose_key_is_of_another_type() {
        // Given
        Stream stream = new StreamFixture("ride_accepted", "accepted")
                .type("dev.leat.taxi.RideAccepted")
                .key("vendor_id")
                .build();
        Pipeline pipeline = pipeline("trail", stream);

        // When Then
        assertThatThrownBy(
                        () -> database.tables(pipeline).ensure(stream, new RideEvents(List.of(stream)).shape(stream)))
                .isInstanceOf(ContractException.class)
                .hasMessage("views.v: id ride_id of dev.leat.view.lane.Trail is text, but key vendor_id of stream"
                        + " ride_accepted is integer");
    }

    @Test
    void a_state_that_is_no_entity() {
        assertRefused(
                "stranger",
                ACCEPTED,
                "views.v: the state of fold stranger, java.lang.String, is no entity; annotate it with @Entity");
    }

    @Test
    void a_state_whose_id_is_generated() {
        assertRefused(
                "generated",
                ACCEPTED,
                "views.v: the id of " + Generated.class.getName() + " is made by a generator, but a state's id is its"
                        + " events' key; leave @GeneratedValue out (extend PanacheEntityBase, not PanacheEntity)");
    }

    @Test
    void a_state_of_several_tables() {
        assertRefused(
                "gathering",
                ACCEPTED,
                "views.v: a state is one row of one table, but " + Gathering.class.getName()
                        + ".tips is held elsewhere; make it an array, or JSON by @JdbcTypeCode(SqlTypes.JSON)");
    }

    @Test
    void an_id_of_a_type_that_no_key_has() {
        assertRefused(
                "priced",
                ACCEPTED,
                "views.v: id column price is numeric(38,2); a state's id is made of String, Integer, Long, UUID and"
                        + " LocalDate");
    }

    @Test
    void a_column_of_a_type_that_views_have_not() {
        assertRefused(
                "lasting",
                ACCEPTED,
                "views.v: column wait of the state is of type java.time.Duration, which views"
                        + " haven't; map it to a number, a text, a time, an array of those, or JSON");
    }

    @Test
    void a_key_of_several_columns_is_an_id_of_as_many() {
        // Given
        Stream stream = new StreamFixture("ride_accepted", "by_vendor")
                .type("dev.leat.taxi.RideAccepted")
                .key("ride_id", "vendor_id")
                .build();
        Pipeline pipeline = new Pipeline(
                Map.of("ride_accepted", stream),
                Map.of("of_vendor", new View.Fold("of_vendor", List.of("ride_accepted"), "vendors")));
        RidesLane lane = new RidesLane(database, pipeline, "by_vendor", 0);

        // When
        lane.events(RideEvents.accepted("b"), RideEvents.accepted("a"), RideEvents.accepted("b"))
                .apply();
        lane.events(RideEvents.accepted("a"), RideEvents.accepted("c")).apply();

        // Then
        assertThat(database.rows("SELECT ride_id, vendor_id, times, tags FROM views.of_vendor ORDER BY 1").stream()
                        .map(row -> row.subList(0, 3)))
                .containsExactly(List.of("a", 2, 2), List.of("b", 2, 2), List.of("c", 2, 1));
        assertThat(database.rows("SELECT array_to_string(tags, '+') FROM views.of_vendor WHERE ride_id = 'b'"))
                .containsExactly(List.of("t1+t2"));
    }

    private static void assertRefused(String fold, Stream stream, String message) {
        ViewTables tables = database.tables(pipeline(fold, stream));
        assertThatThrownBy(tables::requireFolds)
                .isInstanceOf(ContractException.class)
                .hasMessage(message);
    }

    private static Pipeline pipeline(String fold, Stream stream) {
        return new Pipeline(
                Map.of(stream.name(), stream), Map.of("v", new View.Fold("v", List.of(stream.name()), fold)));
    }

    private static <S> Fold<S> folding(Class<S> state) {
        return () -> Transitions.of(state)
                .on(RideAccepted.class, (before, event, at) -> before)
                .on(RideRequested.class, (before, event, at) -> before);
    }

    @Entity
    static class Generated {
        @Id
        @GeneratedValue(strategy = jakarta.persistence.GenerationType.IDENTITY)
        Long id;
    }

    @Entity
    static class Gathering {
        @Id
        String id;

        @ElementCollection
        List<Integer> tips;
    }

    @Entity
    static class Priced {
        @Id
        BigDecimal price;
    }

    @Entity
    static class Lasting {
        @Id
        String id;

        @org.hibernate.annotations.JdbcTypeCode(org.hibernate.type.SqlTypes.INTERVAL_SECOND)
        Duration wait;
    }

    @Entity
    static class OfVendor {

        @EmbeddedId
        Key key;

        int times;

        String[] tags = {};

        @Embeddable
        static class Key {
            @Column(name = "vendor_id")
            int vendor;

            @Column(name = "ride_id")
            String ride;

            @Override
            public boolean equals(Object other) {
                return other instanceof Key key && key.vendor == vendor && Objects.equals(key.ride, ride);
            }

            @Override
            public int hashCode() {
                return Objects.hash(vendor, ride);
            }
        }

        static final class Folded implements Fold<OfVendor> {
            @Override
            public Transitions<OfVendor> transitions() {
                return Transitions.of(OfVendor.class).on(RideAccepted.class, (before, event, at) -> {
                    OfVendor state = before == null ? new OfVendor() : before;
                    state.times++;
                    state.tags = java.util.Arrays.copyOf(state.tags, state.times);
                    state.tags[state.times - 1] = "t" + state.times;
                    return state;
                });
            }
        }
    }
}
