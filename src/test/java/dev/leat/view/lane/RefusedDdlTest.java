package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.pipeline.Pipeline;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.ValueRows;
import dev.leat.view.table.TablesFixture;
import dev.leat.view.table.ViewTables;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Postgres refuses to make one stream's view in SQL. */
class RefusedDdlTest {

    private static final String COLUMNS = "id:STRING! at:TIMESTAMP!";

    private final Pipeline pipeline = SqlFixture.read("""
            streams:
              rides: {topic: t.rides, key: id, event-time: at}
              zones: {topic: t.zones, key: id, event-time: at}
            views:
              rides_counted: {sql: 'SELECT id, count(*) AS n FROM rides GROUP BY 1'}
              zones_counted: {sql: 'SELECT id, count(*) AS n FROM zones GROUP BY 1'}
            """);
    private final ViewsFixture database = new ViewsFixture();
    private final Shape columns = ValueRows.shape(COLUMNS);
    private ViewTables tables;
    private Failures failures;

    @BeforeEach
    void occupyItsName() {
        database.run("CREATE SCHEMA views");
        database.run("CREATE TABLE views.zones_counted (somebody_elses integer)");
        start();
    }

    private void start() {
        TablesFixture parts = database.tablesOf(pipeline);
        tables = parts.tables();
        failures = parts.failures();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void ensure(String stream) {
        tables.ensure(pipeline.stream(stream), columns);
    }

    private List<List<Object>> made() {
        return database.rows("SELECT name FROM leat.view WHERE table_name <> '' ORDER BY name");
    }

    @Test
    void a_view_that_cannot_be_made_stops_alone_until_it_can_be_made_at_a_start() {
        // When
        ensure("zones");
        ensure("rides");

        // Then
        assertThat(made()).containsExactly(List.of("rides_counted"));
        assertThat(failures.of(Scope.view("zones_counted"))).singleElement().satisfies(failure -> assertThat(
                        failure.message())
                .contains("zones_counted")
                .endsWith("; the view isn't created: mend it and restart, and it is derived from history"));

        // When
        database.run("DROP TABLE views.zones_counted");
        start();
        ensure("zones");

        // Then
        assertThat(made()).containsExactly(List.of("rides_counted"), List.of("zones_counted"));
        assertThat(failures.current()).isEmpty();
    }
}
