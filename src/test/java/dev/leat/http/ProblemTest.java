package dev.leat.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemTest {

    @Test
    void a_problem_is_laid_out_as_rfc_9457_says() {
        assertThat(Problem.unknown("view", "x", List.of("a", "b")).document())
                .containsExactly(
                        entry("type", "urn:leat:problem:unknown-view"),
                        entry("title", "Unknown view"),
                        entry("status", 404),
                        entry("detail", "there is no view 'x'; there are a, b"),
                        entry("views", List.of("a", "b")));
    }

    /** The call that adds one fails, and then nobody gets the problem. */
    @Test
    void no_problem_of_ours_tries_to_overwrite_one() throws IOException {
        Pattern member = Pattern.compile("\\.with\\(\\s*\"(type|title|status|detail|instance|code)\"");
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java/dev/leat"))) {
            assertThat(sources.filter(file -> file.toString().endsWith(".java")).filter(file -> {
                        try {
                            String text = Files.readString(file);
                            return text.contains("Problem")
                                    && member.matcher(text).find();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"type", "title", "status", "detail", "instance"})
    void a_member_of_every_problem_is_not_overwritten(String member) {
        Problem problem = Problem.badParameter("limit", "limit is too large");

        assertThatThrownBy(() -> problem.with(member, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + member + "' is a member of every problem");
    }
}
