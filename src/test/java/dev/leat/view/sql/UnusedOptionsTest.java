package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.ValueRows;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each option beside each form of a SELECT: it is of use there, or is refused with its place. */
class UnusedOptionsTest {

    private static final String STREAMS = """
            streams:
              s: {topic: t.s, key: id, event-time: at}
              r: {topic: t.r, key: id, event-time: at}
            views:
              r_latest: {latest: r}
              v:
                sql: |
                  %s
                %s
            """;
    private static final String COLUMNS = "id:STRING! v:INT at:TIMESTAMP!";

    private static final Map<String, Shape> SHAPES =
            Map.of("s", ValueRows.shape(COLUMNS), "r", ValueRows.shape(COLUMNS));
    private static final String ACCEPTED = "accepted";

    private static final Map<String, String> FORMS = new LinkedHashMap<>();
    private static final Map<String, String> OPTIONS = new LinkedHashMap<>();

    /** By form, the options that mean something beside it. */
    private static final Map<String, Set<String>> USED = new LinkedHashMap<>();

    private static ViewsFixture database;

    static {
        FORMS.put("rows of keys", "SELECT id, v FROM s");
        FORMS.put("groups", "SELECT v, count(*) AS n FROM s GROUP BY v");
        FORMS.put("arrays", "SELECT v, array_agg(id) AS ids FROM s GROUP BY v");
        FORMS.put("sliced arrays", "SELECT v, (array_agg(id ORDER BY id))[1:3] AS ids FROM s GROUP BY v");
        FORMS.put("windows", "SELECT tumble('1 minute', at) AS w, count(*) AS n FROM s GROUP BY w");
        FORMS.put("sessions", "SELECT id, session('1 minute', at) AS w, count(*) AS n FROM s GROUP BY id, w");
        FORMS.put("distinct", "SELECT DISTINCT v FROM s");
        FORMS.put("a table", "SELECT s.id, s.v, l.v AS w FROM s JOIN r_latest AS l ON l.id = s.id");
        FORMS.put(
                "a join",
                "SELECT s.id AS sid, r.v FROM s JOIN r ON r.id = s.id AND r.at BETWEEN s.at AND s.at + interval '1 hour'");
        FORMS.put("views", "SELECT id, v FROM r_latest");
        OPTIONS.put("key", "key: [id]");
        OPTIONS.put("append", "append: true");
        OPTIONS.put("materialized", "materialized: true");
        OPTIONS.put("grace", "grace: 5m");
        OPTIONS.put("wait", "wait: 5m");
        OPTIONS.put("retain", "retain: 5d");
        OPTIONS.put("remember-deletes", "remember-deletes: 5d");
        OPTIONS.put("bound", "bound: 5");
        OPTIONS.put("to-topic", "to-topic: t.to");
        OPTIONS.put("emit", "to-topic: {topic: t.to, emit: final}");
        USED.put("rows of keys", Set.of("key", "append", "materialized", "remember-deletes", "to-topic"));
        USED.put("groups", Set.of("materialized", "to-topic"));
        USED.put("arrays", Set.of("materialized", "bound"));
        USED.put("sliced arrays", Set.of("materialized", "to-topic"));
        USED.put("windows", Set.of("grace", "materialized", "retain", "emit"));
        USED.put("sessions", Set.of("grace", "materialized", "retain", "emit"));
        USED.put("distinct", Set.of("materialized"));
        USED.put("a table", Set.of("key", "append", "materialized", "wait", "remember-deletes", "to-topic"));
        USED.put("a join", Set.of("append", "materialized", "to-topic"));
        USED.put("views", Set.of("key", "materialized"));
    }

    @BeforeAll
    static void open() {
        database = new ViewsFixture();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    static Stream<Arguments> combinations() {
        return FORMS.keySet().stream()
                .flatMap(form -> OPTIONS.keySet().stream().map(option -> Arguments.of(form, option)));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void an_option_is_of_use_or_is_refused_with_its_place(String form, String option) {
        // When
        String outcome = outcome(FORMS.get(form), OPTIONS.get(option));

        // Then
        if (USED.get(form).contains(option)) {
            assertThat(outcome).isEqualTo(ACCEPTED);
        } else {
            assertThat(outcome).matches("pipeline.yaml:[0-9]+: views\\.v\\.[a-z-]+: .+");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            rows of keys | append: true, key: [id] | `key:` says which rows are replaced by newer ones, and with `append: true` all stay; leave one of them out
            rows of keys | append: true, to-topic: t.to | `append:` is for a table that keeps the rows of each event, and what is written to a topic is in no table; leave it out
            a table | append: true, key: [id] | `key:` says which rows are replaced by newer ones, and with `append: true` all stay; leave one of them out
            a join | append: true, key: [sid] | `key:` says which rows are replaced by newer ones, and with `append: true` all stay; leave one of them out
            a join | append: true, to-topic: t.to | `append:` is for a table that keeps the rows of each event, and what is written to a topic is in no table; leave it out
            rows of keys | append: true, remember-deletes: 5d | `remember-deletes:` is for a view with a row of each key of its stream; this one doesn't take deletes
            rows of keys | bound: 5 | `bound:` says how many elements an array keeps of those that come, and no aggregate of this SELECT needs it; leave it out
            windows | bound: 5 | `bound:` says how many elements an array keeps of those that come, and no aggregate of this SELECT needs it; leave it out
            sliced arrays | bound: 5 | `bound:` says how many elements an array keeps of those that come, and no aggregate of this SELECT needs it; leave it out
            arrays | bound: 5, materialized: true | `bound:` says how many elements an array keeps of those that come, and no aggregate of this SELECT needs it; leave it out
            """)
    void one_that_another_makes_useless_is_refused_with_its_reason(String form, String options, String reason) {
        assertThat(outcome(FORMS.get(form), options.replace(", ", "\n    ")))
                .isEqualTo("pipeline.yaml:8: views.v.sql: " + reason);
    }

    private static String outcome(String sql, String options) {
        try {
            Pipeline pipeline = SqlFixture.read(STREAMS.formatted(sql, options));
            database.tables(pipeline).check(SHAPES);
            return ACCEPTED;
        } catch (PipelineException refused) {
            return refused.getMessage().replaceAll("^.*/pipeline", "pipeline");
        }
    }
}
