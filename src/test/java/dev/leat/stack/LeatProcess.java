package dev.leat.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The packaged application as a process of its own on a free port, for tests that kill it. It ends with this JVM. Needs
 * {@code target/quarkus-app}, or the binary of a native build, so it is for {@code *IT} tests. Safe for several threads.
 */
public final class LeatProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The native binary, where {@code -Dnative} has built one; else {@code target/quarkus-app} is run by a JVM. */
    private static final Optional<String> EXECUTABLE = Optional.ofNullable(System.getProperty("leat.executable"));

    private static final Duration GRACE = Duration.ofSeconds(60);

    static boolean runsInJvm() {
        return EXECUTABLE.isEmpty();
    }

    /** @param status 0, or 143 for a JVM that ended in order after SIGTERM, or 137 after SIGKILL */
    public record Exit(int status, Duration duration) {}

    private final TiedProcess process;
    private final int port;
    private final Path log;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private LeatProcess(TiedProcess process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /**
     * Starts it and returns at once.
     *
     * @param name names its log, {@code target/NAME-PORT.log}, in a folder that exists
     * @param config configuration keys and values, given as system properties
     */
    public static LeatProcess start(String name, Map<String, String> config) {
        return start(name, config, Map.of(), List.of());
    }

    /**
     * @param environment added to this JVM's own
     * @param jvmOptions for example {@code -Xmx128m}; a native binary gets no others than that one
     */
    public static LeatProcess start(
            String name, Map<String, String> config, Map<String, String> environment, List<String> jvmOptions) {
        return start(name, config, environment, jvmOptions, GRACE);
    }

    /** @param grace how long its end may take before it is killed */
    static LeatProcess start(
            String name,
            Map<String, String> config,
            Map<String, String> environment,
            List<String> jvmOptions,
            Duration grace) {
        Path target = LocalStack.target().toAbsolutePath();
        int port = Ports.free();
        var command = new ArrayList<String>();
        command.add(EXECUTABLE.orElseGet(Server::java));
        jvmOptions.stream()
                .filter(option -> EXECUTABLE.isEmpty() || option.startsWith("-Xmx"))
                .forEach(command::add);
        config.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-Dquarkus.http.host=127.0.0.1");
        command.add("-Dquarkus.http.port=" + port);
        if (EXECUTABLE.isEmpty()) {
            command.add("-jar");
            command.add(target.resolve("quarkus-app/quarkus-run.jar").toString());
        }
        Path log = target.resolve(name + "-" + port + ".log");
        return new LeatProcess(TiedProcess.start(command, environment, log, "TERM", grace), port, log);
    }

    /** Waits until its readiness check is up; fails with the end of its log if it ends or never is. */
    public LeatProcess awaitReady() {
        Deadline deadline = Deadline.generous();
        while (!isReady()) {
            if (!process.isAlive()) {
                throw new ServerFailedException(
                        "leat", "ended with status " + process.onExit().join() + " before it was ready", log);
            }
            if (deadline.isOver()) {
                throw new ServerFailedException("leat", "was not ready within " + Deadline.GENEROUS, log);
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        return this;
    }

    private boolean isReady() {
        try {
            return send("GET", "/q/health/ready").statusCode() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /** The JSON at the path; an answer other than 200 is an error that says what came. */
    public JsonNode get(String path) {
        return json("GET", path);
    }

    public JsonNode post(String path) {
        return json("POST", path);
    }

    public JsonNode delete(String path) {
        return json("DELETE", path);
    }

    private JsonNode json(String method, String path) {
        HttpResponse<String> answer = send(method, path);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(
                    method + " " + path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whatever the answer is. */
    public HttpResponse<String> send(String method, String path) {
        var request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Deadline.GENEROUS)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Without a path and a slash at the end. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Returns when it is gone. */
    public void kill9() {
        process.kill9();
    }

    /** SIGTERM; returns when it is gone, which is after 60 s at most. */
    public Exit terminate() {
        long begin = System.nanoTime();
        int status = process.end();
        return new Exit(status, Duration.ofNanos(System.nanoTime() - begin));
    }

    /** SIGSTOP: to the others it looks like a partition of the network, or a long pause of the garbage collector. */
    public void pause() {
        process.pause();
    }

    public void resume() {
        process.resume();
    }

    /** The end of its log, and where the rest is. */
    public String tail() {
        return log + " ends with:\n" + TiedProcess.tail(log, 40);
    }

    /** All that it has logged until now. */
    public String log() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill9();
    }
}
