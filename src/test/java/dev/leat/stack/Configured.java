package dev.leat.stack;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Which servers the developer has given by configuration, wherever Quarkus would find it in dev mode: {@code -D}, the
 * environment, {@code .env}, {@code config/application.properties} and {@code application.properties}.
 */
final class Configured {
    private static final Map<String, List<String>> KEYS = Map.of(
            "kafka", List.of("kafka.bootstrap.servers", "mp.messaging.connector.smallrye-kafka.bootstrap.servers"),
            "postgres", List.of("quarkus.datasource.reactive.url", "quarkus.datasource.jdbc.url"),
            "registry", List.of("leat.registry.url", "mp.messaging.connector.smallrye-kafka.apicurio.registry.url"));

    private final Map<String, Properties> files = new LinkedHashMap<>();

    private Configured(Path project) throws IOException {
        for (String file :
                List.of(".env", "config/application.properties", "src/main/resources/application.properties")) {
            files.put(file, load(project.resolve(file)));
        }
    }

    /** For each given server, the setting and where it is, for people. */
    static Map<String, String> in(Path project) throws IOException {
        var configured = new Configured(project);
        var given = new LinkedHashMap<String, String>();
        LocalStack.SERVERS.forEach(server -> KEYS.get(server).stream()
                .flatMap(key -> configured.where(key).stream())
                .findFirst()
                .ifPresent(where -> given.put(server, where)));
        return given;
    }

    private Optional<String> where(String key) {
        for (String name : List.of("%dev." + key, key)) {
            if (isSet(System.getProperty(name))) {
                return Optional.of("-D" + name);
            }
            String variable = name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
            if (isSet(System.getenv(variable)) || isSet(System.getenv(name))) {
                return Optional.of("environment variable " + variable);
            }
            for (var file : files.entrySet()) {
                Properties properties = file.getValue();
                if (isSet(properties.getProperty(name)) || isSet(properties.getProperty(variable))) {
                    return Optional.of(name + " in " + file.getKey());
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isSet(String value) {
        return value != null && !value.isBlank();
    }

    private static Properties load(Path file) throws IOException {
        var properties = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
        }
        return properties;
    }
}
