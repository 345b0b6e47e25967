package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of failures in {@code docs/operations.md}, row by row: each kind is injected into one stream of a running
 * application, while the others flow. Those go on; health, the API and metrics name what fails; and mending it needs no
 * restart and loses nothing.
 *
 * <p>Another kind is a stream of its own in {@code STREAMS} and a {@link Row} in {@code rows()}.
 */
@ExtendWith(ProcessLogs.class)
class FailureScopesIT {

    /** Those in which nothing fails. */
    private static final List<String> OTHERS = List.of("calm", "quiet");

    private static final Map<String, String> STREAMS = new LinkedHashMap<>(Map.of(
            "calm", "",
            "quiet", "",
            "strict", ", on-poison: stop",
            "broken", "",
            "locked", "",
            "faulty", "",
            "picky", "",
            "late", "",
            "unfit", ""));
    private static final List<String> VIEWS = List.of("picky_words: {sql: \"SELECT to_tsquery('english', text)::text AS"
            + " query, count(*) AS n FROM picky GROUP BY 1\"}");
    /** A contract without the key that the stream declares. */
    private static final String WITHOUT_KEY = """
            {"type": "record", "name": "Note", "namespace": "dev.leat.notes", "fields": [{"name": "text", "type": "string"}]}""";

    private static final AtomicInteger NOTES = new AtomicInteger();

    private static ScopedStreams streams;

    @BeforeAll
    static void start() {
        streams = new ScopedStreams("scopes", STREAMS, VIEWS, List.of("late"), Map.of("unfit", WITHOUT_KEY));
        streams.leat.awaitReady();
    }

    @AfterAll
    static void end() {
        streams.close();
    }

    /**
     * A kind of failure.
     *
     * @param kind as the table calls it
     * @param stream the one that it is injected into
     * @param state of that stream meanwhile
     * @param scope what is stopped
     * @param name of it, given the stream's topic
     * @param rests whether it has to be resumed
     * @param says what the message has in it
     * @param inject the fault; one that is there from the start needs none
     */
    record Row(
            String kind,
            String stream,
            String state,
            String scope,
            Function<String, String> name,
            String cause,
            boolean rests,
            List<String> says,
            Consumer<String> inject,
            Consumer<String> mend) {

        @Override
        public String toString() {
            return kind;
        }
    }

    static Stream<Row> rows() {
        AtomicReference<Connection> locker = new AtomicReference<>();
        return Stream.of(
                new Row(
                        "a record that can't be applied, where the stream says stop",
                        "strict",
                        "stopped",
                        "lane",
                        topic -> topic + "-0",
                        "refused",
                        true,
                        List.of("refused by view strict_log", "resume the lane"),
                        stream -> {
                            sql("ALTER TABLE views.strict_log ADD CONSTRAINT no CHECK (text <> 'poison')");
                            streams.send(stream, note(), "poison");
                        },
                        stream -> sql("ALTER TABLE views.strict_log DROP CONSTRAINT no")),
                new Row(
                        "a view that can't be applied to",
                        "broken",
                        "resting",
                        "view",
                        topic -> "broken_log",
                        "defect",
                        true,
                        List.of("views.broken_log\" does not exist", "its rows lag until it is resumed"),
                        stream -> {
                            sql("ALTER TABLE views.broken_log RENAME TO elsewhere");
                            streams.send(stream, note(), "while it is away");
                        },
                        stream -> sql("ALTER TABLE views.elsewhere RENAME TO broken_log")),
                new Row(
                        "a table that somebody has locked",
                        "locked",
                        "waiting",
                        "lane",
                        topic -> topic + "-0",
                        "outage",
                        false,
                        List.of("table views.locked_log (view locked_log)", "held by pid ", "idle in transaction"),
                        stream -> {
                            locker.set(streams.session());
                            execute(locker.get(), "LOCK TABLE views.locked_log IN ACCESS EXCLUSIVE MODE");
                            streams.send(stream, note(), "while it is locked");
                        },
                        stream -> close(locker.get())),
                new Row(
                        "a defect",
                        "faulty",
                        "resting",
                        "lane",
                        topic -> topic + "-0",
                        "defect",
                        true,
                        List.of("cannot be"),
                        stream -> {
                            sql("CREATE FUNCTION public.fault() RETURNS trigger LANGUAGE plpgsql AS"
                                    + " $$ BEGIN RAISE 'cannot be' USING ERRCODE = 'XX000'; END $$");
                            sql("CREATE TRIGGER fault BEFORE UPDATE OF next_offset ON leat.checkpoint FOR EACH ROW WHEN"
                                    + " (NEW.topic = '" + streams.topic(stream) + "') EXECUTE FUNCTION public.fault()");
                            streams.send(stream, note(), "while it is faulty");
                        },
                        stream -> sql("DROP TRIGGER fault ON leat.checkpoint")),
                new Row(
                        "a topic that doesn't exist",
                        "late",
                        "missing",
                        "stream",
                        topic -> "late",
                        "missing",
                        false,
                        List.of("doesn't exist; create it"),
                        stream -> {},
                        streams::createTopic),
                new Row(
                        "a contract that doesn't fit",
                        "unfit",
                        "parked",
                        "stream",
                        topic -> "unfit",
                        "unfit",
                        false,
                        List.of("id"),
                        stream -> {},
                        streams::register));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void it_stops_its_scope_alone_is_named_and_is_mended_without_a_restart(Row row) {
        // Given
        String name = row.name().apply(streams.topic(row.stream()));
        flow();

        // When
        row.inject().accept(row.stream());

        // Then it is named
        await(row.kind()).ignoreExceptions().untilAsserted(() -> {
            JsonNode failure = streams.failure(row.scope(), name);
            assertThat(failure).isNotNull();
            assertThat(failure.get("cause").asText()).isEqualTo(row.cause());
            assertThat(failure.get("rests").asBoolean()).isEqualTo(row.rests());
            assertThat(failure.get("message").asText()).contains(row.says());
        });
        await(row.state()).ignoreExceptions().untilAsserted(() -> {
            JsonNode state = streams.state(row.stream());
            assertThat(state.get("state").asText()).isEqualTo(row.state());
            assertThat(state.get("problem").asText()).contains(name);
        });
        assertThat(streams.health()).contains(name);
        assertThat(streams.metrics().lines())
                .anyMatch(line -> line.startsWith("leat_failures{")
                        && line.contains("cause=\"" + row.cause() + "\"")
                        && line.contains("scope=\"" + row.scope() + "\"")
                        && !line.endsWith(" 0.0"));

        // And the others go on
        flow();
        OTHERS.forEach(
                other -> assertThat(streams.state(other).get("state").asText()).isEqualTo("flowing"));

        // When
        row.mend().accept(row.stream());
        if (row.rests()) {
            assertThat(streams.resume(row.scope(), name).statusCode()).isEqualTo(200);
        }

        // Then
        streams.send(row.stream(), note(), "after it was mended");
        streams.awaitApplied(row.stream());
        await("all is well").ignoreExceptions().untilAsserted(() -> {
            assertThat(streams.failure(row.scope(), name)).isNull();
            JsonNode state = streams.state(row.stream());
            assertThat(state.get("state").asText()).isEqualTo("flowing");
            assertThat(state.get("problem").isNull()).isTrue();
            assertThat(state.get("partitions").get(0).get("lane").asText()).isEqualTo("flowing");
        });
    }

    @Test
    void a_value_that_a_views_select_chokes_on_is_its_records_matter() {
        streams.send("picky", note(), "cat");
        streams.send("picky", note(), "a & & b");
        streams.send("picky", note(), "cat");

        streams.awaitApplied("picky");
        await().until(() ->
                streams.scenario.count("SELECT count(*) FROM leat.dead_letter WHERE view = 'picky_words'") == 1);
        await().until(() -> streams.scenario.count("SELECT n FROM views.picky_words") == 2);
        assertThat(streams.state("picky").get("state").asText()).isEqualTo("flowing");
    }

    @Test
    void what_does_not_rest_cannot_be_resumed() {
        var answer = streams.resume("lane", "nobody-0");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("nothing of lane nobody-0 waits to be resumed");
        assertThat(streams.resume("nothing", "x").body()).contains("there is no scope 'nothing'");
    }

    @Test
    void the_table_of_failures_has_each_of_them() throws Exception {
        String table = Files.readString(Path.of("docs/operations.md"));

        assertThat(rows()).allSatisfy(row -> assertThat(table).contains("| " + row.kind() + " | " + row.scope() + " "));
    }

    /** All others take an event each. */
    private static void flow() {
        OTHERS.forEach(other -> streams.send(other, note(), "flows"));
        OTHERS.forEach(streams::awaitApplied);
    }

    private static String note() {
        return "n" + NOTES.incrementAndGet();
    }

    private static void sql(String statement) {
        streams.scenario.execute(statement);
    }

    private static void execute(Connection session, String statement) {
        try (var prepared = session.createStatement()) {
            prepared.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void close(Connection session) {
        try {
            session.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
