package dev.leat.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives {@code quarkus:dev} its servers; {@code pom.xml} runs it in Maven's own JVM, which the servers must not outlive.
 * It writes the development configuration, {@code target/stack/dev.properties}: the addresses of the local stack, or
 * where a Docker engine runs the settings of Quarkus's Dev Services, {@code devservices.properties}. A server whose
 * address is configured already gets neither.
 *
 * <p>Returns as soon as Postgres answers, which the migrations need at once; the others come up while Quarkus builds.
 */
public final class DevStack {
    private static final String PREFIX = "%dev.";

    private DevStack() {}

    /** Argument: the project's directory. */
    public static void main(String[] arguments) throws IOException {
        Path project = Path.of(arguments[0]).toAbsolutePath();
        Path file = project.resolve("target/stack/dev.properties");
        Files.createDirectories(file.getParent());
        var needed = new ArrayList<>(LocalStack.SERVERS);
        Configured.in(project).forEach((server, where) -> {
            say(server + " is given (" + where + "): none is started");
            needed.remove(server);
        });
        if (needed.isEmpty()) {
            write(file, Map.of());
        } else if (Docker.answers()) {
            say("Docker runs: Dev Services start " + String.join(", ", needed) + " as devservices.properties says");
            write(file, Docker.devServices(project.resolve("devservices.properties"), needed));
        } else {
            write(file, startLocal(project.resolve("target"), needed));
        }
    }

    private static Map<String, String> startLocal(Path target, List<String> servers) {
        // the one that runs already, if quarkus:dev only restarts because the pom has changed
        var supervisor = SupervisorProcess.shared(() -> launch(target, servers));
        if (!supervisor.has(servers)) {
            throw new ServerFailedException("the servers to start have changed: end quarkus:dev and start it again");
        }
        var config = new LinkedHashMap<String, String>();
        config.put("quarkus.devservices.enabled", "false");
        servers.forEach(server -> config.putAll(LocalStack.config(server, supervisor.port(server))));
        return config;
    }

    private static SupervisorProcess launch(Path target, List<String> servers) {
        say("no Docker engine answers: starting " + String.join(", ", servers) + " from Maven artifacts");
        var supervisor =
                SupervisorProcess.launch(target, "dev", Durability.DURABLE, servers, ProcessBuilder.Redirect.INHERIT);
        supervisor.needAndAwait(servers, servers.contains("postgres") ? "postgres" : servers.getFirst());
        return supervisor;
    }

    private static void write(Path file, Map<String, String> config) throws IOException {
        var lines = new ArrayList<>(List.of("# written by each start of quarkus:dev, and read by nothing else"));
        config.forEach((key, value) -> lines.add(PREFIX + key + "=" + value));
        Files.write(file, lines);
    }

    private static void say(String line) {
        System.err.println("[stack] " + line);
    }
}
