package dev.leat.view.deduplication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.schema.types.RowsFixture;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SeenEventsTest {

    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);

    @Test
    void of_a_batch_the_first_of_each_id_counts_until_the_time_is_over() {
        // Given
        UUID[] ids = {A, B, null, A, A, B, A};
        long[] at = {0, 5, 6, 10, 11, 12, 21};

        // When
        int[] first = SeenEvents.firstInBatch(ids, at, Duration.ofMillis(10));

        // Then
        assertThat(first).containsExactly(0, 1, 4);
    }

    @Test
    void ids_are_the_same_for_the_same_values_and_none_for_deletes() {
        // Given
        RowsFixture rows =
                new RowsFixture("key", "at").add("a", 1).add("a", 1).add("a", 2).delete("a");

        // When
        UUID[] ids = EventIds.of(rows.build(), List.of("key", "at"));

        // Then
        assertThat(ids[0]).isEqualTo(ids[1]).isNotEqualTo(ids[2]);
        assertThat(ids[3]).isNull();
    }
}
