package dev.leat.ingest.lane.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.RowsFixture;
import dev.leat.schema.types.Shape;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class MissingTypesTest {

    private static final TopicPartition LANE = new TopicPartition("topic", 0);
    private static final TopicPartition OTHER = new TopicPartition("topic", 1);

    private final Failures failures = new Failures(InstantSource.system());
    private final MissingTypes types = new MissingTypes(failures);

    private static Stream stream(Stream.Undeclared others) {
        return new StreamFixture("rides", "topic")
                .type("taxi.Ride")
                .key("id")
                .eventTime("at")
                .undeclared(others)
                .build();
    }

    private static RowsFixture rows() {
        return new RowsFixture(stream(Stream.Undeclared.DEAD_LETTER), "id", "at", 0);
    }

    private static Decoded others(Rows rows) {
        return new Decoded(List.of(rows), List.of(), Set.of("taxi.Trip"));
    }

    @Test
    void a_type_that_no_record_has_is_shown_until_one_comes() {
        // When
        types.saw(LANE, others(rows().build()));
        types.saw(LANE, others(rows().build()));

        // Then
        assertThat(failures.current()).singleElement().satisfies(failure -> {
            assertThat(failure.scope()).hasToString("stream rides");
            assertThat(failure.cause()).isEqualTo(Failure.Cause.MISSING);
            assertThat(failure.times()).isEqualTo(2);
            assertThat(failure.message())
                    .isEqualTo("streams.rides.type: no record of topic topic has type taxi.Ride, as far as it was read;"
                            + " records came of taxi.Trip");
        });

        // When
        types.saw(OTHER, others(rows().add("r1", 1).build()));
        types.saw(LANE, others(rows().build()));

        // Then
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void neither_silence_nor_a_delete_says_anything_of_a_type() {
        types.saw(LANE, new Decoded(List.of(rows().build()), List.of()));
        assertThat(failures.current()).isEmpty();

        types.saw(LANE, others(rows().delete("r1").build()));
        assertThat(failures.current()).hasSize(1);
    }

    @Test
    void where_other_types_are_skipped_a_type_is_missed_when_the_registry_has_none_such() {
        // A rare one.
        types.saw(LANE, others(new RowsFixture(stream(Stream.Undeclared.IGNORE), "id", "at", 0).build()));
        assertThat(failures.current()).isEmpty();

        types.saw(LANE, others(new Rows(stream(Stream.Undeclared.IGNORE), new Shape(List.of()), 0)));
        assertThat(failures.current()).hasSize(1);
    }

    @Test
    void a_lane_that_leaves_takes_what_it_has_missed_along() {
        types.saw(LANE, others(rows().build()));
        types.saw(OTHER, others(rows().build()));

        types.forget(LANE);
        assertThat(failures.current()).hasSize(1);

        types.forget(OTHER);
        assertThat(failures.current()).isEmpty();
    }
}
