package dev.leat.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each key that the schema of pipelines has, at any depth, with values that can't be: all are told with file and line. */
class DeclaredFaultsTest {

    private static final Path SCHEMA = Path.of("src/main/resources/META-INF/resources/pipeline.schema.json");

    /** Of each kind of value one, and texts that mean nothing. */
    private static final List<String> WRONG =
            List.of("{nonsense: 1}", "[{nonsense: 1}]", "[]", "\"\"", "\"no/such thing!\"", "-1", "\"a\\0b\"");

    /** A text that only Postgres, the registry or the application can judge, or that names a topic. */
    private static final List<String> ANY_TEXT = List.of(
            "type",
            "contract",
            "key-contract",
            "to-topic.contract",
            "with",
            "sql",
            "key",
            "track",
            "deduplicate.by",
            "topic",
            "dead-letter-topic",
            "to-topic",
            "to-topic.topic");

    /** What has to be there for an option to be read. */
    private static final Map<String, String> KINDS = Map.of(
            "soft-delete", "latest: s",
            "track", "history: s",
            "with", "fold: s",
            "remember-deletes", "sql: SELECT id FROM s");

    @TempDir
    Path folder;

    static Stream<Arguments> faults() throws IOException {
        JsonNode definitions = new ObjectMapper().readTree(SCHEMA.toFile()).get("$defs");
        List<Arguments> faults = new ArrayList<>();
        for (String of : List.of("stream", "view")) {
            definitions.get(of).get("properties").fields().forEachRemaining(option -> {
                WRONG.forEach(wrong -> faults.add(Arguments.of(of, option.getKey(), wrong)));
                nested(option.getValue())
                        .forEach(inner -> WRONG.forEach(
                                wrong -> faults.add(Arguments.of(of, option.getKey() + "." + inner, wrong))));
            });
            faults.add(Arguments.of(of, "nonsense", "1"));
        }
        return faults.stream();
    }

    private static List<String> nested(JsonNode schema) {
        List<String> names = new ArrayList<>();
        if (schema.has("properties")) {
            schema.get("properties").fieldNames().forEachRemaining(names::add);
        }
        if (schema.has("oneOf")) {
            schema.get("oneOf").forEach(choice -> names.addAll(nested(choice)));
        }
        return names;
    }

    @ParameterizedTest
    @MethodSource("faults")
    void each_is_told_with_file_line_and_path(String of, String option, String wrong) throws IOException {
        // Given
        Path file = folder.resolve("pipeline.yaml");
        Files.writeString(file, of.equals("stream") ? stream(option, wrong) : view(option, wrong));

        // When
        Throwable refused = catchThrowable(() -> PipelineFiles.read(file.toString()));

        // Then
        if (refused == null) {
            assertThat(wrong)
                    .describedAs("accepted")
                    .doesNotStartWith("{")
                    .doesNotStartWith("[")
                    .isNotEqualTo("\"\"");
            assertThat(ANY_TEXT).contains(option);
        } else {
            assertThat(refused)
                    .isInstanceOf(PipelineException.class)
                    .hasMessageMatching("(?s)" + file + ":[0-9]+: (streams\\.s|views\\.v)\\b.*: .+");
        }
    }

    private static String stream(String option, String wrong) {
        String topic = option.equals("topic") ? "" : "    topic: t\n";
        return "streams:\n  s:\n" + topic + setting(option, wrong) + "views:\n  v: {log: s}\n";
    }

    private static String view(String option, String wrong) {
        String kind = KINDS.getOrDefault(option, "sql: SELECT id FROM s");
        boolean isKind = List.of("latest", "history", "log", "fold", "sql").contains(option);
        return "streams:\n  s: {topic: t, key: id}\nviews:\n  v:\n" + (isKind ? "" : "    " + kind + "\n")
                + setting(option, wrong) + (option.equals("fold") ? "    with: f\n" : "");
    }

    private static String setting(String option, String wrong) {
        String[] path = option.split("\\.");
        return path.length == 1
                ? "    " + option + ": " + wrong + "\n"
                : "    " + path[0] + ":\n      " + path[1] + ": " + wrong + "\n";
    }
}
