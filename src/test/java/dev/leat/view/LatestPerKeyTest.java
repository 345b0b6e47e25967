package dev.leat.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.schema.Rows;
import dev.leat.schema.RowsFixture;
import org.junit.jupiter.api.Test;

class LatestPerKeyTest {

    @Test
    void the_newest_event_time_wins_and_then_the_position() {
        // Given
        RowsFixture rows =
                new RowsFixture("key", "at").add("a", 5).add("b", 1).add("a", 3).add("b", 1);

        // When
        LatestPerKey latest = latest(rows);

        // Then
        assertThat(latest.kept()).containsExactly(0, 3);
        assertThat(latest.deleted()).isEmpty();
    }

    @Test
    void a_delete_takes_what_came_before_it_and_nothing_that_comes_after() {
        // Given
        RowsFixture rows = new RowsFixture("key", "at")
                .add("a", 5)
                .delete("a")
                .add("b", 1)
                .delete("b")
                .add("b", 2);

        // When
        LatestPerKey latest = latest(rows);

        // Then
        assertThat(latest.deleted()).containsExactly(1, 3);
        assertThat(latest.kept()).containsExactly(4);
    }

    private static LatestPerKey latest(RowsFixture fixture) {
        Rows rows = fixture.build();
        return LatestPerKey.of(rows, Positions.all(rows));
    }
}
