package dev.leat.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.leat.catalog.ViewTable;
import dev.leat.http.Problem;
import dev.leat.pipeline.Pipeline;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.stack.Deadline;
import dev.leat.view.lane.ViewsFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every value that Postgres can hold can be shown, found again by what was shown, and ordered by. */
class HostileValuesTest {

    private static final AtomicInteger TABLES = new AtomicInteger();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper TIMES = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
    private static final Column ID = new Column("id", ColumnType.of(Kind.INT), true, "");
    private static ViewsFixture database;
    private static ViewReader reader;

    private record Config(Duration refresh, Duration timeout) implements QueryConfig {}

    @BeforeAll
    static void open() {
        database = new ViewsFixture();
        database.run("CREATE SCHEMA IF NOT EXISTS views");
        reader = new ViewReader(
                database.pool(),
                new Pipeline(Map.of(), Map.of()),
                new QueryTimes(new Config(Duration.ofSeconds(1), Deadline.GENEROUS)));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    static List<HostileValues> every_value_is_shown_found_and_ordered_by() {
        return HostileValues.all();
    }

    @ParameterizedTest
    @MethodSource
    void every_value_is_shown_found_and_ordered_by(HostileValues values) throws JsonProcessingException {
        // Given
        Column column = new Column("v", values.columnType(), false, "");
        ViewTable view = table(values, column);

        // When
        List<Map<String, Object>> shown = rows(view, List.of(), List.of());

        // Then
        for (int i = 0; i < values.json().size(); i++) {
            assertThat(JSON.writeValueAsString(shown.get(i).get("v")))
                    .as(values.literals().get(i))
                    .isEqualTo(values.json().get(i));
        }
        if (Operator.of(column.type(), "eq").isPresent()) {
            for (int i = 0; i < values.json().size(); i++) {
                String text = JSON.readTree(values.json().get(i)).asText();
                assertThat(rows(view, List.of(Filter.of(column, Operator.EQ, text)), List.of()))
                        .as("%s = %s", values.type(), text)
                        .extracting(row -> row.get("id"))
                        .containsExactly(i);
                rows(view, List.of(Filter.of(column, Operator.GTE, text)), List.of());
                assertThat(rows(view, List.of(Filter.in(column, List.of(text))), List.of()))
                        .hasSize(1);
            }
        }
        for (Order.Direction direction : Order.Direction.values()) {
            assertThat(rows(view, List.of(), List.of(new Order(column, direction))))
                    .hasSize(values.json().size());
        }
    }

    private static ViewTable table(HostileValues values, Column column) {
        String table = "views.hostile_" + TABLES.incrementAndGet();
        database.run("CREATE TABLE " + table + " (id integer PRIMARY KEY, v " + values.type() + ")");
        for (int i = 0; i < values.literals().size(); i++) {
            database.run("INSERT INTO " + table + " VALUES (" + i + ", '"
                    + values.literals().get(i) + "')");
        }
        return new ViewTable("hostile", "log", List.of(), table, List.of("id"), List.of(ID, column));
    }

    private static List<Map<String, Object>> rows(ViewTable view, List<Filter> filters, List<Order> order) {
        return new ArrayList<>(reader.read(new ViewQuery(view, view.columns(), filters, order, 100))
                .await()
                .atMost(Deadline.GENEROUS)
                .rows());
    }

    @Test
    void a_view_that_cannot_be_computed_says_so_and_is_no_fault_of_ours() {
        database.run("CREATE VIEW views.cannot AS SELECT 1 AS id, 1 / (0 * g) AS v FROM generate_series(1, 1) AS g");
        ViewTable view = new ViewTable(
                "cannot",
                "sql",
                List.of(),
                "views.cannot",
                List.of("id"),
                List.of(ID, new Column("v", ColumnType.of(Kind.INT), false, "")));

        assertThatThrownBy(() -> rows(view, List.of(), List.of()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("view 'cannot' can't be computed for a row that was asked for: division by zero");
    }

    @Test
    void a_view_that_nobody_declares_any_more_says_since_when() throws JsonProcessingException {
        // Given
        Instant left = Instant.parse("2026-01-31T10:00:00Z");
        database.run("CREATE TABLE views.left_over AS SELECT 1 AS id");
        ViewTable current = new ViewTable("left_over", "log", List.of(), "views.left_over", List.of("id"), List.of(ID));
        ViewTable undeclared =
                new ViewTable("left_over", "log", List.of(), "views.left_over", List.of("id"), List.of(ID), left);

        // When, then
        assertThat(freshness(undeclared).undeclaredSince()).isEqualTo(left);
        assertThat(TIMES.writeValueAsString(freshness(undeclared)))
                .contains("\"undeclared_since\":\"2026-01-31T10:00:00Z\"");
        assertThat(TIMES.writeValueAsString(freshness(current))).doesNotContain("undeclared");
        assertThat(freshness(current).undeclaredSince()).isNull();
    }

    private static Freshness freshness(ViewTable view) {
        return reader.read(new ViewQuery(view, view.columns(), List.of(), List.of(), 100))
                .await()
                .atMost(Deadline.GENEROUS)
                .fresh();
    }
}
