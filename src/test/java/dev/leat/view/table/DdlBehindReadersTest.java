package dev.leat.view.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.leat.failure.Unavailable;
import dev.leat.failure.UnavailableException;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.ValueRows;
import dev.leat.stack.Deadline;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Somebody's open transaction has read a view, and its table is to be altered: that one waits, and nobody else's. */
class DdlBehindReadersTest {

    private static final String YAML = """
            streams:
              read: {topic: t.read, key: id}
              other: {topic: t.other, key: id}
            views:
              read_log: {log: read}
              total: {sql: 'SELECT sum(v) AS total FROM read'}
              other_log: {log: other}
              other_total: {sql: 'SELECT id, v FROM other'}
            """;
    private static final String BEFORE = "id:STRING! v:INT";

    private final ViewsFixture database = new ViewsFixture();
    private SqlFixture views;

    @BeforeEach
    void open() {
        views = new SqlFixture(database, YAML, Map.of("read", BEFORE, "other", BEFORE));
        views.event("read", 0, "a", 1L).event("other", 0, "a", 1L).flush();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource({
        "read_log, id:STRING! v:INT fresh:STRING",
        "read_log, id:STRING! v:LONG",
        "total, id:STRING! v:LONG",
    })
    void a_new_version_of_another_stream_goes_on_and_the_reader_is_named(String view, String after) throws Exception {
        Shape wider = ValueRows.shape(after);
        try (Connection session = reader();
                Statement statement = session.createStatement()) {
            // Given
            session.setAutoCommit(false);
            statement.executeQuery("SELECT * FROM views." + view).close();
            CompletableFuture<Void> altered = CompletableFuture.runAsync(() -> ensureAgainAndAgain(wider));

            // When
            views.promote(Map.of("other", wider));
            for (int i = 0; i < 3; i++) {
                views.restart();
                views.event("other", 0, wider.columns().size() == 2 ? row("b" + i) : row("b" + i, "x"))
                        .flush();
            }

            // Then
            assertThat(database.rows("SELECT count(*) FROM views.other_log")).containsExactly(List.of(4L));
            assertThat(database.rows("SELECT count(*) FROM views.other_total")).containsExactly(List.of(4L));
            assertThat(altered).isNotDone();
            UnavailableException waits = catchThrowableOfType(UnavailableException.class, () -> ensure(wider));
            assertThat(Unavailable.message(waits))
                    .startsWith("view " + view + " can't get new columns yet: table views." + view
                            + " is read or changed by pid ")
                    .contains("report from ", "idle in transaction, transaction since ", ", query since ");

            // When
            session.rollback();

            // Then
            altered.get(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static Object[] row(String id, String... more) {
        return more.length == 0 ? new Object[] {id, 7L} : new Object[] {id, 7L, more[0]};
    }

    private void ensure(Shape shape) {
        database.tables(views.pipeline()).ensure(views.pipeline().stream("read"), shape);
    }

    private void ensureAgainAndAgain(Shape shape) {
        while (true) {
            try {
                ensure(shape);
                return;
            } catch (RuntimeException e) {
                if (!Unavailable.is(e)) {
                    throw e;
                }
            }
        }
    }

    private Connection reader() throws SQLException {
        String url = database.database().jdbcUrl();
        return DriverManager.getConnection(
                url + (url.contains("?") ? "&" : "?") + "ApplicationName=report",
                database.database().user(),
                database.database().password());
    }
}
