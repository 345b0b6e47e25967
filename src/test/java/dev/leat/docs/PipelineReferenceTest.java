package dev.leat.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference's tables of keys are what the JSON Schema says. */
class PipelineReferenceTest {

    private static final Path PAGE = Path.of("docs/pipeline.md");
    private static final Path SCHEMA = Path.of("src/main/resources/META-INF/resources/pipeline.schema.json");

    @ParameterizedTest
    @ValueSource(strings = {"stream", "view"})
    void the_reference_has_the_table_of_keys(String what) throws IOException {
        String page = Files.readString(PAGE);
        String mark = "<!-- " + what + " keys: written by PipelineReferenceTest -->\n";
        int begin = page.indexOf(mark) + mark.length();
        int end = page.indexOf("<!-- end of " + what + " keys -->");
        String table = table(what);
        if (Boolean.getBoolean("leat.write-docs")) {
            Files.writeString(PAGE, page.substring(0, begin) + table + page.substring(end));
            return;
        }
        assertThat(page.substring(begin, end))
                .as(
                        "the table of %s keys in %s; write it again with"
                                + " `./mvnw test -Dtest=PipelineReferenceTest -Dleat.write-docs=true`",
                        what, PAGE)
                .isEqualTo(table);
    }

    private static String table(String what) throws IOException {
        JsonNode definition = new ObjectMapper().readTree(SCHEMA.toFile()).at("/$defs/" + what);
        StringBuilder table = new StringBuilder("\n| key | value | default | |\n|---|---|---|---|\n");
        rows("", definition, definition, table);
        return table.append('\n').toString();
    }

    private static void rows(String prefix, JsonNode object, JsonNode definition, StringBuilder table) {
        object.path("properties").properties().forEach(property -> {
            JsonNode value = property.getValue();
            String key = prefix + property.getKey();
            String standard = value.has("default")
                    ? "`" + value.get("default").asText() + "`"
                    : required(object, property.getKey()) ? "required" : "–";
            table.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            key,
                            value(value),
                            standard,
                            value.path("description").asText() + kinds(prefix, key, definition)));
            rows(key + ".", value, definition, table);
            value.path("oneOf").forEach(form -> rows(key + ".", form, definition, table));
        });
    }

    private static boolean required(JsonNode object, String key) {
        for (JsonNode name : object.path("required")) {
            if (name.asText().equals(key)) {
                return true;
            }
        }
        return false;
    }

    /** Of which kinds of views an option is. */
    private static String kinds(String prefix, String key, JsonNode definition) {
        JsonNode needs = definition.path("dependentSchemas").path(key);
        if (!prefix.isEmpty() || needs.isMissingNode()) {
            return "";
        }
        List<String> kinds = new ArrayList<>();
        needs.path("required").forEach(kind -> kinds.add(kind.asText()));
        needs.path("anyOf")
                .forEach(form -> kinds.add(form.path("required").path(0).asText()));
        return kinds.stream().map(kind -> "`" + kind + "`").collect(Collectors.joining(" and ", " With ", "."));
    }

    private static String value(JsonNode value) {
        if (value.has("enum")) {
            List<String> words = new ArrayList<>();
            value.get("enum").forEach(word -> words.add("`" + word.asText() + "`"));
            return String.join(", ", words);
        }
        if (value.has("$ref")) {
            return value.get("$ref").asText().endsWith("duration") ? "duration" : "name of a stream";
        }
        if (value.has("oneOf")) {
            List<String> forms = new ArrayList<>();
            value.get("oneOf").forEach(form -> forms.add(value(form)));
            return String.join(" or ", forms);
        }
        return switch (value.path("type").asText()) {
            case "array" -> "list of them";
            case "object" -> "mapping";
            case "boolean" -> "true, false";
            case "integer" -> "number";
            default -> "text";
        };
    }
}
