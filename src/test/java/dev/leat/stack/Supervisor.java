package dev.leat.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * The process that holds the servers, on a class path of its own ({@code target/stack/servers.classpath}). It lives as
 * long as its standard input is open, so it ends with the process that started it, however that one ends; its servers
 * end with it, however it ends ({@link TiedProcess}). An orderly end removes the servers' data and leaves their logs.
 *
 * <p>It says {@code port NAME PORT} for each server at once. Then it reads commands, one a line, and answers each with
 * {@code ok COMMAND} when it is done; {@code failed COMMAND: REASON} says why not, on one line. {@code need NAME…} starts
 * those of the servers that have never been started, side by side, and says {@code up NAME PID} as each answers. {@code
 * stop}, {@code start}, {@code pause}, {@code resume} and {@code kill9} take one name; {@code list} says ports and pids
 * again. Progress, for people, goes to standard error.
 */
final class Supervisor {
    private final Map<String, Server> servers = new LinkedHashMap<>();

    private Supervisor(Path directory, Durability durability, String[] names) {
        for (String name : names) {
            servers.put(
                    name,
                    switch (name) {
                        case "kafka" -> new KafkaBroker(directory);
                        case "postgres" -> new Postgres(directory, durability);
                        case "registry" -> new Registry(directory);
                        default -> throw new IllegalArgumentException("no such server: " + name);
                    });
        }
    }

    /** Arguments: the directory for data and logs, a {@link Durability}, the names of the servers. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]).toAbsolutePath();
        Files.createDirectories(directory);
        var supervisor = new Supervisor(
                directory, Durability.valueOf(arguments[1]), Arrays.copyOfRange(arguments, 2, arguments.length));
        Runtime.getRuntime().addShutdownHook(new Thread(supervisor::stopAll, "stop servers"));
        // the parent may die while the servers start: watch from the beginning
        var commands = new BufferedReader(new InputStreamReader(System.in));
        supervisor.servers.values().forEach(Supervisor::sayPort);
        // Not the common pool: its thread, which may be the only one, tells of processes that have ended.
        var obeying =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            String line = command;
            obeying.execute(() -> supervisor.answer(line));
        }
        System.exit(0);
    }

    private void startThose(Stream<String> names) {
        var starts = names.map(servers::get)
                .filter(server -> !server.hasStarted())
                .map(server -> CompletableFuture.runAsync(() -> start(server), Thread::startVirtualThread))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(starts).join();
    }

    private void answer(String line) {
        try {
            obey(line);
            say(line, null);
        } catch (RuntimeException e) {
            say(line, e);
        }
    }

    private static void say(String command, Throwable failure) {
        if (failure == null) {
            System.out.println("ok " + command);
            return;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        String reason = cause instanceof ServerFailedException ? cause.getMessage() : cause.toString();
        System.err.println("[stack] " + reason);
        System.out.println("failed " + command + ": " + reason.replace("\n", "\\n"));
    }

    private void obey(String line) {
        if (line.equals("list")) {
            servers.values().forEach(Supervisor::sayPort);
            servers.values().stream().filter(Server::hasStarted).forEach(Supervisor::sayUp);
            return;
        }
        String[] words = line.split(" ");
        if (words[0].equals("need")) {
            startThose(Arrays.stream(words).skip(1));
            return;
        }
        Server server = servers.get(words[1]);
        switch (words[0]) {
            case "start" -> start(server);
            case "stop" -> server.stop();
            case "pause" -> server.pause();
            case "resume" -> server.resume();
            case "kill9" -> server.kill9();
            default -> throw new IllegalArgumentException("no such command: " + line);
        }
    }

    private static void start(Server server) {
        try {
            server.start();
            sayUp(server);
        } catch (IOException e) {
            throw new ServerFailedException(server.name + " could not be started: " + e);
        }
    }

    private static void sayPort(Server server) {
        System.out.println("port " + server.name + " " + server.port);
    }

    private static void sayUp(Server server) {
        System.out.println("up " + server.name + " " + server.pid());
    }

    /** Side by side, because each may take its time. */
    private void stopAll() {
        var stops = servers.values().stream()
                .map(server -> CompletableFuture.runAsync(() -> end(server), Thread::startVirtualThread))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(stops).handle((nothing, failure) -> null).join();
    }

    private static void end(Server server) {
        server.stop();
        try {
            server.discard();
        } catch (IOException e) {
            System.err.println("[stack] the data of " + server.name + " stays: " + e);
        }
    }
}
