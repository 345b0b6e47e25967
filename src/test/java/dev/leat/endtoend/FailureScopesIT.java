package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.stack.LeatProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
 * <p>Another kind is a stream and a row of {@link InjectedFailures}.
 */
@ExtendWith(ProcessLogs.class)
class FailureScopesIT {

    private static final String A_RECORD = "a record that can't be applied";
    private static final String UNSENDABLE = "an event that can't be sent";

    /** What stops no stream, or all of them, and who shows that. */
    private static final Map<String, String> SHOWN_ELSEWHERE = Map.of(
            A_RECORD,
            "endtoend/FailureScopesIT",
            UNSENDABLE,
            "endtoend/FailureScopesIT",
            "a server that is away",
            "endtoend/OutagesIT",
            "a view in SQL that can't take its streams' columns",
            "view/sql/PromotedTypesTest",
            "a column that can't be widened, because somebody's view, rule or policy depends on it",
            "view/rebuild/UnfitViewsTest",
            "a pipeline that is wrong",
            "endtoend/SqlViewsIT");

    private static InjectedFailures failures;
    private static ScopedStreams streams;

    @BeforeAll
    static void start() {
        failures = new InjectedFailures();
        streams = failures.streams;
        streams.leat.awaitReady();
    }

    @AfterAll
    static void end() {
        streams.close();
    }

    static Stream<FailureRow> rows() {
        return failures.rows();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void it_stops_its_scope_alone_is_named_and_is_mended_without_a_restart(FailureRow row) {
        // Given
        String name = row.name().apply(streams.topic(row.stream()));
        failures.flow();

        // When
        row.inject().accept(row.stream());

        // Then
        awaitNamed(row, name);

        // And the others go on
        failures.flow();
        InjectedFailures.OTHERS.forEach(
                other -> assertThat(streams.state(other).get("state").asText()).isEqualTo("flowing"));

        // When
        row.mend().accept(row.stream());
        if (row.isToBeResumed()) {
            assertThat(streams.resume(row.scope(), name).statusCode()).isEqualTo(200);
        }

        // Then
        awaitOver(row.stream(), row.scope(), name);
    }

    private static void awaitNamed(FailureRow row, String name) {
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
    }

    private static void awaitOver(String stream, String scope, String name) {
        streams.send(stream, failures.note(), "after it was mended");
        streams.awaitApplied(stream);
        await("all is well").ignoreExceptions().untilAsserted(() -> {
            assertThat(streams.failure(scope, name)).isNull();
            JsonNode state = streams.state(stream);
            assertThat(state.get("state").asText()).isEqualTo("flowing");
            assertThat(state.get("problem").isNull()).isTrue();
            assertThat(state.get("partitions").get(0).get("lane").asText()).isEqualTo("flowing");
        });
    }

    @Test
    void what_rests_in_one_instance_is_resumed_through_another() {
        // Given
        String lane = streams.topic("remote") + "-0";
        LeatProcess other =
                streams.scenario.start(Map.of("leat.roles", "query")).awaitReady();
        failures.poison("remote");
        await("the other has heard of it")
                .ignoreExceptions()
                .until(() -> ScopedStreams.failure(other, "lane", lane) != null);
        failures.takePoison("remote");

        // When
        var answer = ScopedStreams.resume(other, "lane", lane);

        // Then
        assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
        awaitOver("remote", "lane", lane);
        other.terminate();
    }

    @Test
    void an_event_that_cannot_be_sent_is_set_aside_and_is_sent_once_it_can_be() {
        // Given
        streams.configure("sized", "max.message.bytes", "1000");

        // When
        streams.send("large", failures.note(), "x".repeat(3_000));
        streams.send("large", failures.note(), "behind it");

        // Then
        await("it is set aside")
                .until(() -> streams.scenario.count("SELECT count(*) FROM leat.outbox_set_aside WHERE view = 'sized'")
                                == 1
                        && streams.scenario.count("SELECT count(*) FROM leat.outbox WHERE view = 'sized'") == 0);
        await("it is counted").until(() -> streams.metrics().contains("leat_outbox_aside 1.0"));
        assertThat(streams.leat.get("/api/outbox").toString()).contains("RecordTooLarge");
        assertThat(streams.state("large").get("state").asText()).isEqualTo("flowing");
        failures.flow();

        // When
        streams.configure("sized", "max.message.bytes", "100000");
        streams.leat.post("/api/outbox/redrive?view=sized");

        // Then
        await("all is sent")
                .until(() -> streams.scenario.count("SELECT (SELECT count(*) FROM leat.outbox WHERE view = 'sized')"
                                + " + (SELECT count(*) FROM leat.outbox_set_aside)")
                        == 0);
    }

    @Test
    void a_value_that_a_views_select_chokes_on_is_its_records_matter() {
        streams.send("picky", failures.note(), "cat");
        streams.send("picky", failures.note(), "a & & b");
        streams.send("picky", failures.note(), "cat");

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
    void each_row_of_the_table_of_failures_is_injected() throws IOException {
        // Given
        List<String[]> table = Files.readAllLines(Path.of("docs/operations.md")).stream()
                .dropWhile(line -> !line.startsWith("| kind | scope |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split(" *\\| *"))
                .toList();
        Set<String> injected = new TreeSet<>(SHOWN_ELSEWHERE.keySet());
        rows().forEach(row -> injected.add(row.kind()));

        // Then
        assertThat(SHOWN_ELSEWHERE.values())
                .allSatisfy(test -> assertThat(Path.of("src/test/java/dev/leat", test + ".java"))
                        .exists());
        assertThat(table).extracting(cells -> cells[1]).containsExactlyInAnyOrderElementsOf(injected);
        Map<String, String> scopes = table.stream().collect(Collectors.toMap(cells -> cells[1], cells -> cells[2]));
        assertThat(rows()).allSatisfy(row -> assertThat(scopes).containsEntry(row.kind(), row.scope()));
    }
}
