package dev.leat.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every page. */
class PagesTest {

    private static final Path README = Path.of("README.md");
    private static final int README_BYTES = 12 * 1024;
    private static final List<String> SECTIONS = List.of("Context", "Decision", "What was tried", "What came of it");
    private static final Set<String> LANGUAGES = Set.of("yaml", "json", "sql", "java", "shell", "text");

    static List<Page> pages() {
        return Page.all();
    }

    static List<Page> decisions() {
        return Page.all().stream()
                .filter(page -> page.path().toString().matches("docs.decisions.\\d.*"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void no_link_is_dead(Page page) {
        for (String link : page.links()) {
            if (!link.matches("[a-z]+:.*")) {
                String[] parts = link.split("#", 2);
                Path target = parts[0].isEmpty()
                        ? page.path()
                        : page.path().resolveSibling(parts[0]).normalize();
                assertThat(target).as("%s links to %s", page, link).exists();
                if (parts.length == 2) {
                    assertThat(Page.read(target).anchors())
                            .as("%s links to %s", page, link)
                            .contains(parts[1]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_block_says_what_it_is(Page page) {
        assertThat(page.blocks())
                .allSatisfy(
                        block -> assertThat(block.language()).as("%s", block).isIn(LANGUAGES));
    }

    @Test
    void the_readme_is_read_in_one_go() throws IOException {
        assertThat(Files.size(README)).isLessThanOrEqualTo(README_BYTES);
        assertThat(Page.read(README).text()).contains("./mvnw quarkus:dev", "./mvnw verify");
    }

    @Test
    void every_page_is_reached_from_the_readme() {
        Set<Path> reached = new TreeSet<>();
        reach(README, reached);

        assertThat(pages()).extracting(Page::path).allSatisfy(page -> assertThat(reached)
                .contains(page));
    }

    private static void reach(Path page, Set<Path> reached) {
        if (page.toString().endsWith(".md") && reached.add(page)) {
            Page.read(page).links().stream()
                    .filter(link -> !link.matches("[a-z]+:.*"))
                    .map(link -> link.split("#", 2)[0])
                    .filter(link -> !link.isEmpty())
                    .forEach(link -> reach(page.resolveSibling(link).normalize(), reached));
        }
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void a_decision_has_its_sections(Page decision) {
        String number = decision.path().getFileName().toString().substring(0, 4);

        assertThat(decision.headings().getFirst()).matches(number + ": [A-Z].* .*");
        assertThat(decision.headings()).containsSubsequence(SECTIONS);
        assertThat(decision.text().split("(?m)^## .*$"))
                .allSatisfy(section -> assertThat(section.strip()).isNotEmpty());
    }

    @Test
    void decisions_are_numbered_without_gaps() {
        List<Page> decisions = decisions();

        for (int i = 0; i < decisions.size(); i++) {
            assertThat(decisions.get(i).path().getFileName().toString()).startsWith("%04d-".formatted(i + 1));
        }
    }
}
