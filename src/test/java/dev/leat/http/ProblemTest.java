package dev.leat.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
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

    @ParameterizedTest
    @ValueSource(strings = {"type", "title", "status", "detail", "instance"})
    void a_member_of_every_problem_is_not_overwritten(String member) {
        Problem problem = Problem.badParameter("limit", "limit is too large");

        assertThatThrownBy(() -> problem.with(member, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + member + "' is a member of every problem");
    }
}
