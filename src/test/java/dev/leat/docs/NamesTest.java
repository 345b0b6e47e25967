package dev.leat.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages name exists, and what exists is on a page. */
class NamesTest {

    private static final Pattern OURS = Pattern.compile("(?<![\\w./-])leat\\.[a-z][a-z0-9_-]*(?:\\.[a-z][a-z0-9_-]*)*");
    private static final Pattern METRIC = Pattern.compile("(?<!\\w)leat(?:_[a-z]+)+");
    private static final Pattern ENDPOINT = Pattern.compile("(GET|POST|PUT|DELETE) (/[\\w/{}-]+)(?:\\?(\\S*))?");
    private static final Pattern CAMEL = Pattern.compile("[A-Z][a-z]+(?:[A-Z][a-z0-9]*)+");
    /** Not ours. */
    private static final Set<String> FOREIGN = Set.of(
            "GenericDatumReader",
            "AvroParquetWriter",
            "ReadWriteMany",
            "ScaledObject",
            "ConfigMap",
            "LocalDate",
            "LocalDateTime",
            "DateTime");

    private static final Map<String, Optional<String>> KEYS = Keys.all();
    private static final Set<String> METERS = Meters.all();
    private static final Map<String, Set<String>> ENDPOINTS = Endpoints.all();

    static List<Page> pages() {
        return Page.all().stream()
                .filter(page -> !page.path().endsWith("CHANGELOG.md"))
                .toList();
    }

    @Test
    void every_key_is_listed_with_its_default() {
        String configuration = Page.read(Path.of("docs/configuration.md")).text();

        KEYS.forEach((key, standard) -> assertThat(configuration)
                .contains(
                        "| `" + key + "` | " + standard.map(d -> "`" + d + "`").orElse("–") + " |"));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_key_that_a_page_names_exists(Page page) throws IOException {
        Set<String> tables = tables();
        String main = Sources.main();
        for (String name :
                (Iterable<String>) OURS.matcher(page.text()).results().map(f -> f.group())::iterator) {
            assertThat(KEYS.keySet().stream().anyMatch(key -> key.equals(name) || key.startsWith(name + "."))
                            || name.startsWith("leat.outbox.producer.")
                            || tables.contains(name.substring("leat.".length()))
                            || Sources.isNamedInTests(name)
                            || main.contains('"' + name)
                            || name.endsWith("_") && main.contains(name.substring("leat.".length())))
                    .as("%s in %s", name, page)
                    .isTrue();
        }
    }

    private static Set<String> tables() throws IOException {
        Set<String> tables = new TreeSet<>();
        try (Stream<Path> migrations = Files.list(Path.of("src/main/resources/db/migration"))) {
            for (Path migration : migrations.toList()) {
                Pattern.compile("CREATE TABLE (?:leat\\.)?(\\w+)")
                        .matcher(Files.readString(migration))
                        .results()
                        .forEach(found -> tables.add(found.group(1)));
            }
        }
        return tables;
    }

    @Test
    void every_metric_is_listed() {
        Set<String> listed = metrics(Page.read(Path.of("docs/operations.md")));

        assertThat(METERS).isNotEmpty().allSatisfy(meter -> assertThat(listed).anyMatch(name -> isOf(name, meter)));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_metric_that_a_page_names_exists(Page page) {
        assertThat(metrics(page)).allSatisfy(name -> assertThat(METERS).anyMatch(meter -> isOf(name, meter)));
    }

    private static Set<String> metrics(Page page) {
        return METRIC.matcher(page.text()).results().map(found -> found.group()).collect(Collectors.toSet());
    }

    private static boolean isOf(String name, String meter) {
        return name.matches(Pattern.quote(meter) + "(_total|_seconds|_bytes|_events|_offsets|_events_per_second)?");
    }

    @Test
    void every_endpoint_is_on_a_page() {
        Set<String> named = pages().stream()
                .flatMap(page -> ENDPOINT.matcher(page.text()).results())
                .map(found -> found.group(1) + " " + found.group(2))
                .collect(Collectors.toSet());

        assertThat(named).containsAll(ENDPOINTS.keySet());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_endpoint_that_a_page_names_exists(Page page) {
        ENDPOINT.matcher(page.text()).results().forEach(found -> {
            String endpoint = found.group(1) + " " + found.group(2);
            assertThat(ENDPOINTS).as("in %s", page).containsKey(endpoint);
            if (found.group(3) != null && found.group(3).contains("=&")) {
                assertThat(ENDPOINTS.get(endpoint))
                        .as("%s in %s", endpoint, page)
                        .contains(found.group(3).replaceAll("`.*", "").split("=&?"));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_class_that_a_page_names_exists(Page page) {
        Set<String> classes = Sources.classes();
        for (String span : page.spans()) {
            if (span.startsWith("dev.leat.") && !span.contains("/")) {
                assertThat(Sources.has(span)).as("%s in %s", span, page).isTrue();
            } else if (CAMEL.matcher(span).matches() && !FOREIGN.contains(span)) {
                assertThat(classes.contains(span)).as("%s in %s", span, page).isTrue();
            }
        }
    }
}
