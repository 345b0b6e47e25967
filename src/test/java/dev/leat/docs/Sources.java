package dev.leat.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The project's source files, as text. */
final class Sources {

    private static final List<Path> MAIN = files("src/main/java");
    private static final List<Path> TEST = files("src/test/java");
    private static final String MAIN_TEXT = text(MAIN);
    private static final String TEST_TEXT = text(TEST);

    private Sources() {}

    /** Simple names of the files' classes. */
    static Set<String> classes() {
        return Stream.concat(MAIN.stream(), TEST.stream())
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
    }

    /** Whether there is such a package or class. */
    static boolean has(String qualifiedName) {
        String path = qualifiedName.replace('.', '/');
        return Stream.of("src/main/java/", "src/test/java/")
                .anyMatch(root -> Files.exists(Path.of(root + path)) || Files.exists(Path.of(root + path + ".java")));
    }

    /** All of the product in one text. */
    static String main() {
        return MAIN_TEXT;
    }

    /** Whether a test asks for this system property. */
    static boolean isNamedInTests(String property) {
        return TEST_TEXT.contains('"' + property + '"')
                || property.startsWith("leat.benchmark.")
                        && TEST_TEXT.contains('"' + property.substring("leat.benchmark.".length()) + '"');
    }

    private static List<Path> files(String root) {
        try (Stream<Path> files = Files.walk(Path.of(root))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(List<Path> files) {
        return files.stream()
                .map(file -> {
                    try {
                        return Files.readString(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .collect(Collectors.joining("\n"));
    }
}
