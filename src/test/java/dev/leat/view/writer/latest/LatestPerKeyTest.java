package dev.leat.view.writer.latest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.catalog.BatchParameters;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnRows;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.RowsFixture;
import java.math.BigDecimal;
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
        assertThat(latest.newest()).containsExactly(0, 3);
        assertThat(latest.deletesOrNewest()).containsExactly(0, 3);
        assertThat(latest.hasDeletes()).isFalse();
        assertThat(latest.revivals()).isEmpty();
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
        assertThat(latest.deletes()).containsExactly(1, 3);
        assertThat(latest.newestBeforeDeletes()).containsExactly(0, 2);
        assertThat(latest.revivals()).containsExactly(4);
        assertThat(latest.deletesOrNewest()).containsExactly(1, 3);
        assertThat(latest.newest()).containsExactly(0, 2);
    }

    @Test
    void what_is_older_than_the_deleted_does_not_come_back() {
        // Given
        RowsFixture rows = new RowsFixture("key", "at")
                .add("a", 5)
                .add("a", 3)
                .delete("a")
                .add("a", 4)
                .add("b", 5)
                .delete("b")
                .add("b", 5);

        // When
        LatestPerKey latest = latest(rows);

        // Then
        assertThat(latest.newestBeforeDeletes()).containsExactly(0, 4);
        assertThat(latest.revivals()).containsExactly(6);
    }

    @Test
    void a_second_delete_remembers_what_the_first_knew() {
        // Given
        RowsFixture rows =
                new RowsFixture("key", "at").add("a", 5).delete("a").add("a", 4).delete("a");

        // When
        LatestPerKey latest = latest(rows);

        // Then
        assertThat(latest.deletes()).containsExactly(3);
        assertThat(latest.newestBeforeDeletes()).containsExactly(0);
    }

    @Test
    void a_delete_of_what_the_batch_has_not_seen_stands_for_itself() {
        // Given
        RowsFixture rows = new RowsFixture("key", "at").delete("a").delete("a");

        // When
        LatestPerKey latest = latest(rows);

        // Then
        assertThat(latest.deletes()).containsExactly(1);
        assertThat(latest.newestBeforeDeletes()).containsExactly(1);
        assertThat(latest.newest()).containsExactly(1);
    }

    @Test
    void the_order_is_that_of_the_keys_whatever_the_order_of_the_events() {
        // Given
        RowsFixture rows = new RowsFixture("key", "at")
                .add("c", 1)
                .add("a", 1)
                .delete("b")
                .delete("d")
                .add("d", 1);

        // When
        LatestPerKey latest = latest(rows);

        // Then
        assertThat(latest.deletesOrNewest()).containsExactly(1, 2, 0, 3);
    }

    @Test
    void without_event_time_only_position_counts() {
        // Given
        Stream stream = new StreamFixture("events", "topic").key("id").build();
        Rows rows = new ColumnRows(stream, ColumnRows.shape(ColumnRows.column("id", Kind.LONG)), 0)
                .add(7, 30, 1L)
                .add(9, 10, 1L)
                .delete(12, 5, 1L)
                .add(13, 1, 1L)
                .build();

        // When
        LatestPerKey latest = LatestPerKey.of(rows, BatchParameters.all(rows));

        // Then
        assertThat(latest.newestBeforeDeletes()).containsExactly(1);
        assertThat(latest.revivals()).containsExactly(3);
    }

    @Test
    void keys_that_postgres_holds_for_equal_are_one() {
        // Given
        Stream stream = new StreamFixture("events", "topic")
                .key("ratio", "blob", "price")
                .build();
        Rows rows = new ColumnRows(
                        stream,
                        ColumnRows.shape(
                                ColumnRows.column("ratio", Kind.DOUBLE),
                                ColumnRows.column("blob", Kind.BYTES),
                                new Column("price", ColumnType.decimal(10, 2), true, "")),
                        0)
                .add(0, 0, 0.0, new byte[] {1, 2}, new BigDecimal("1.50"))
                .add(1, 0, -0.0, new byte[] {1, 2}, new BigDecimal("1.5"))
                .add(2, 0, Double.NaN, new byte[] {1}, new BigDecimal("1.5"))
                .add(3, 0, Double.NaN, new byte[] {1}, new BigDecimal("1.5"))
                .add(4, 0, Double.NaN, new byte[] {2}, new BigDecimal("1.5"))
                .build();

        // When
        LatestPerKey latest = LatestPerKey.of(rows, BatchParameters.all(rows));

        // Then
        assertThat(latest.newest()).containsExactly(1, 3, 4);
    }

    private static LatestPerKey latest(RowsFixture fixture) {
        Rows rows = fixture.build();
        return LatestPerKey.of(rows, BatchParameters.all(rows));
    }
}
