package dev.leat.stack;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The Docker engine of this machine, if there is one, and what Quarkus's Dev Services shall start on it. */
final class Docker {
    /** Beginnings of the Dev Services settings of each server. */
    private static final Map<String, String> SETTINGS = Map.of(
            "kafka", "quarkus.kafka.devservices.",
            "postgres", "quarkus.datasource.devservices.",
            "registry", "quarkus.apicurio-registry.devservices.");

    private Docker() {}

    /** Whether an engine answers; a mere client doesn't count. */
    static boolean answers() {
        try {
            var process = new ProcessBuilder("docker", "info", "--format", "{{.ServerVersion}}")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = process.waitFor(10, TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException noClient) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The settings of the given servers, with the others' Dev Services off. */
    static Map<String, String> devServices(Path file, List<String> servers) throws IOException {
        var all = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            all.load(reader);
        }
        var config = new TreeMap<String, String>();
        all.stringPropertyNames().forEach(key -> config.put(key, all.getProperty(key)));
        SETTINGS.forEach((server, prefix) -> {
            if (!servers.contains(server)) {
                config.keySet().removeIf(key -> key.startsWith(prefix));
                config.put(prefix + "enabled", "false");
            }
        });
        return config;
    }
}
