package dev.leat.view.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is declared of columns, and only their contract shows to be wrong: it is told with file and line all the same. */
class FaultsOfColumnsTest {

    private static final String YAML = """
            streams:
              s:
                topic: t.s
                key: %s
                event-time: at
            views:
              v:
                %s
                %s
            """;

    private final ViewsFixture database = new ViewsFixture();

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "history: s | track: spede | speed | 9: views.v.track: `track:` names `spede`, which stream s hasn't got; it has"
                        + " id, at, speed",
                "history: s | track: speed | current | 8: views.v.history: stream s has a field `current`, and a history has",
                "history: s | track: speed | valid_from | 8: views.v.history: stream s has a field `valid_from`, and a history",
                "sql: SELECT id, at FROM s | key: speed | speed | 8: views.v.sql: `key:` names `speed`, but the result has id, at",
                "sql: SELECT id, at AS _offset FROM s | append: true | speed | 8: views.v.sql: column `_offset` is a name of Leat's",
            })
    void each_is_told_with_its_place(String kind, String option, String column, String message) {
        // When
        Throwable refused = catchThrowable(() -> fixture(YAML.formatted("id", kind, option), column));

        // Then
        assertThat(refused.getMessage().replaceAll("^.*/pipeline", "pipeline")).startsWith("pipeline.yaml:" + message);
    }

    @Test
    void a_changed_key_is_told_with_its_place() {
        // Given
        SqlFixture views = fixture(YAML.formatted("id", "latest: s", "soft-delete: true"), "speed");

        // When
        Throwable refused =
                catchThrowable(() -> views.another(YAML.formatted("speed", "latest: s", "soft-delete: true")));

        // Then
        assertThat(refused.getMessage().replaceAll("^.*/pipeline", "pipeline"))
                .startsWith("pipeline.yaml:4: streams.s.key: view v has key id, and the pipeline says speed");
    }

    private SqlFixture fixture(String yaml, String column) {
        return new SqlFixture(database, yaml, Map.of("s", "id:STRING! at:TIMESTAMP! " + column + ":INT"));
    }
}
