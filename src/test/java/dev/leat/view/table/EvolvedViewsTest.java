package dev.leat.view.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.pipeline.View;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnRows;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.view.lane.ViewsFixture;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What happens to tables that stand when a contract's types are promoted. */
class EvolvedViewsTest {

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static ViewsFixture views;

    private final String name = "evolved_" + NAMES.incrementAndGet();
    private final Stream stream =
            new StreamFixture(name, "topic").key("id").eventTime("at").build();
    private final View latest = new View.Latest(name, name, false, Duration.ofDays(30));

    @BeforeAll
    static void open() {
        views = new ViewsFixture();
    }

    @AfterAll
    static void close() {
        views.close();
    }

    @Test
    void a_key_is_widened_with_the_memory_of_its_deletes() {
        // Given
        Shape narrow = shape(Kind.INT, Kind.TIMESTAMP, ColumnType.decimal(5, 2));
        Shape wide = shape(Kind.LONG, Kind.TIMESTAMP, ColumnType.decimal(9, 4));
        Rows first = new ColumnRows(stream, narrow, 0)
                .add(1, 0, 1L, 10L, new BigDecimal("123.45"))
                .add(2, 0, 2L, 10L, null)
                .delete(3, 0, 2L, null, null)
                .build();
        views.view(stream, latest, first).apply(first);

        // When
        Rows second = new ColumnRows(stream, wide, 0)
                .add(4, 0, Long.MAX_VALUE, 10L, new BigDecimal("12345.6789"))
                .add(5, 0, 2L, 9L, null)
                .delete(6, 0, Long.MAX_VALUE - 1, null, null)
                .build();
        views.view(stream, latest, second).apply(second);

        // Then
        assertThat(views.rows("SELECT id, amount::text FROM views." + name + " ORDER BY 1"))
                .containsExactly(List.of(1L, "123.4500"), List.of(Long.MAX_VALUE, "12345.6789"));
        assertThat(views.rows("SELECT id FROM leat.tombstone_" + name + " ORDER BY 1"))
                .containsExactly(List.of(2L), List.of(Long.MAX_VALUE - 1));
    }

    @Test
    void nanoseconds_order_events_and_deletes() {
        Shape shape = shape(Kind.INT, Kind.TIMESTAMP_NANOS, ColumnType.of(Kind.STRING));
        Rows first = new ColumnRows(stream, shape, 0)
                .add(1, 0, 1L, 1_000_000_000_000_000_002L, "new")
                .add(2, 0, 2L, 1_000_000_000_000_000_002L, "gone")
                .delete(3, 0, 2L, null, null)
                .build();
        Rows second = new ColumnRows(stream, shape, 0)
                .add(4, 0, 1L, 1_000_000_000_000_000_001L, "old")
                .add(5, 0, 2L, 1_000_000_000_000_000_001L, "old")
                .build();
        views.view(stream, latest, first).apply(first);
        views.view(stream, latest, second).apply(second);

        assertThat(views.rows("SELECT id, at, amount FROM views." + name))
                .containsExactly(List.of(1, 1_000_000_000_000_000_002L, "new"));
    }

    @Test
    void what_the_views_have_is_known_to_the_next_process() {
        Column tags = new Column("tags", ColumnType.arrayOf(ColumnType.of(Kind.LONG)), true, "what it is about");
        Column either = new Column(
                "either",
                ColumnType.union(List.of(
                        new ColumnType.Member("int", ColumnType.of(Kind.INT)),
                        new ColumnType.Member("t.R", ColumnType.of(Kind.JSON)))),
                false,
                "");
        Column id = new Column("id", ColumnType.of(Kind.INT), true, "");
        Column at = new Column("at", ColumnType.of(Kind.TIMESTAMP), true, "");
        views.tables(ViewsFixture.pipeline(stream, latest)).ensure(stream, ColumnRows.shape(id, at, tags, either));

        assertThat(views.known(ViewsFixture.pipeline(stream, latest), name)).containsExactly(id, at, tags, either);
    }

    @Test
    void a_column_that_may_be_missing_now_is_nullable_to_readers() {
        ViewTables tables = views.tables(ViewsFixture.pipeline(stream, latest));
        Column id = new Column("id", ColumnType.of(Kind.INT), true, "");
        Column at = new Column("at", ColumnType.of(Kind.TIMESTAMP), true, "");
        Column a = new Column("a", ColumnType.of(Kind.INT), true, "");
        Column b = new Column("b", ColumnType.of(Kind.INT), true, "");
        tables.ensure(stream, ColumnRows.shape(id, at, a, b));

        tables.ensure(stream, ColumnRows.shape(id, at, new Column("a", a.type(), false, "")));

        assertThat(views.catalogued(name).columns())
                .filteredOn(Column::required)
                .extracting(Column::name)
                .containsExactly("id", "at", "_partition", "_offset");
    }

    @Test
    void what_cannot_be_widened_is_refused_with_both_types() {
        ViewTables tables = views.tables(ViewsFixture.pipeline(stream, latest));
        tables.ensure(stream, shape(Kind.INT, Kind.TIMESTAMP, ColumnType.of(Kind.STRING)));

        assertThatThrownBy(() -> tables.ensure(stream, shape(Kind.INT, Kind.TIMESTAMP, ColumnType.of(Kind.DATE))))
                .isInstanceOf(ContractException.class)
                .hasMessage("view " + name + " exists in Postgres with column amount text, but the pipeline says date;"
                        + " give the view another name and restart; DELETE /api/views/" + name
                        + " drops this one then");
    }

    private static Shape shape(Kind id, Kind at, ColumnType amount) {
        return ColumnRows.shape(
                new Column("id", ColumnType.of(id), true, ""),
                ColumnRows.column("at", at),
                new Column("amount", amount, false, ""));
    }
}
