package dev.leat.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Walks over every refusal in the source of the pipeline's parser. */
class RefusalsTest {

    private static final Path SOURCES = Path.of("src/main/java/dev/leat/pipeline");

    /** One of these says what would be right. */
    private static final Pattern REMEDY = Pattern.compile(
            "expected|; |declare `|make this|needs `|didn't expect|ends too early|not SQL|not valid YAML|can't be read");

    private static final Pattern REFUSAL =
            Pattern.compile("(?:complaint\\(|new PipelineException\\()(.*?)\\);", Pattern.DOTALL);
    private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    private static Map<String, List<String>> refusals() throws IOException {
        Map<String, List<String>> refusals = new TreeMap<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java"))
                    // It only adds the place to what others say.
                    .filter(f -> !f.endsWith("SqlText.java"))
                    .toList()) {
                List<String> texts = REFUSAL.matcher(Files.readString(file))
                        .results()
                        .map(refusal -> TEXT.matcher(refusal.group(1))
                                .results()
                                .map(MatchResult::group)
                                .map(text -> text.substring(1, text.length() - 1))
                                .collect(Collectors.joining()))
                        .filter(text -> !text.isBlank())
                        .toList();
                if (!texts.isEmpty()) {
                    refusals.put(file.getFileName().toString(), texts);
                }
            }
        }
        return refusals;
    }

    @Test
    void each_says_what_would_be_right() throws IOException {
        Map<String, List<String>> refusals = refusals();

        assertThat(refusals.keySet()).contains("ViewParser.java", "StreamParser.java", "YamlValues.java");
        assertThat(refusals.values().stream().mapToInt(List::size).sum()).isGreaterThan(40);
        refusals.forEach((file, texts) -> assertThat(texts).describedAs(file).allSatisfy(text -> assertThat(text)
                .containsPattern(REMEDY)));
    }

    /** A fault that has no line is one of the file itself, in {@link PipelineFiles}. */
    @Test
    void each_has_its_line() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith("Parser.java")).toList()) {
                assertThat(Files.readString(file))
                        .describedAs(file.toString())
                        .doesNotContain("new PipelineException(");
            }
        }
    }
}
