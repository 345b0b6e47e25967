package dev.leat.stack;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The holder of a {@link Supervisor}: starts it as a child that ends with this JVM, and speaks with it. Its progress goes
 * where the caller says. Only {@link #command} is safe for several threads at once.
 */
final class SupervisorProcess {
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter commands;
    private final Map<String, Integer> ports = new HashMap<>();
    private final Map<String, Long> pids = new HashMap<>();

    private SupervisorProcess(Process process) {
        this.process = process;
        this.answers = process.inputReader();
        this.commands = new PrintWriter(process.outputWriter(), true);
    }

    /**
     * Returns when the ports are chosen; no server is started.
     *
     * @param target the build directory, with {@code test-classes} and {@code stack/servers.classpath}
     * @param run names this run's directory under {@code target/stack}
     * @param progress receives what the supervisor says for people
     */
    static SupervisorProcess launch(
            Path target,
            String run,
            Durability durability,
            Collection<String> servers,
            ProcessBuilder.Redirect progress) {
        Path stack = target.toAbsolutePath().resolve("stack");
        try {
            String classPath = target.toAbsolutePath().resolve("test-classes")
                    + File.pathSeparator
                    + Files.readString(stack.resolve("servers.classpath")).strip();
            var command = new ArrayList<>(List.of(
                    Server.java(),
                    "-Xmx192m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                    "-cp",
                    classPath,
                    Supervisor.class.getName(),
                    stack.resolve(run).toString(),
                    durability.name()));
            command.addAll(servers);
            var launched = new SupervisorProcess(
                    new ProcessBuilder(command).redirectError(progress).start());
            while (launched.ports.size() < servers.size()) {
                launched.read();
            }
            return launched;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot start the local stack; ./mvnw test-compile lays out what it needs in " + stack, e);
        }
    }

    /** The supervisor that the whole JVM shares, launched by {@code first} if none lives. */
    static SupervisorProcess shared(Supplier<SupervisorProcess> first) {
        var launched = new AtomicReference<SupervisorProcess>();
        Process process = SharedProcess.get(() -> {
            launched.set(first.get());
            return launched.get().process;
        });
        if (launched.get() != null) {
            return launched.get();
        }
        var attached = new SupervisorProcess(process);
        attached.command("list");
        return attached;
    }

    boolean has(Collection<String> servers) {
        return ports.keySet().containsAll(servers);
    }

    int port(String server) {
        return ports.get(server);
    }

    /** The process of the server itself; the last one, if it was stopped. */
    long pid(String server) {
        return pids.get(server);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until these servers have been started once, and answered. */
    void need(Collection<String> servers) {
        command("need " + String.join(" ", servers));
    }

    /** The same, but returns as soon as the first answers. */
    void needAndAwait(Collection<String> servers, String first) {
        synchronized (process) {
            commands.println("need " + String.join(" ", servers));
            while (!pids.containsKey(first)) {
                isDone("need " + String.join(" ", servers));
            }
        }
    }

    /** Waits for commands of other holders of the same process, and then until this one is done. */
    void command(String command) {
        synchronized (process) {
            commands.println(command);
            await(command);
        }
    }

    private void await(String command) {
        while (!isDone(command)) {}
    }

    /** Reads one line; answers to others are passed over. */
    private boolean isDone(String command) {
        String line = read();
        String failed = "failed " + command + ": ";
        if (line.startsWith(failed)) {
            throw new ServerFailedException(line.substring(failed.length()).replace("\\n", "\n"));
        }
        return line.equals("ok " + command);
    }

    /** Asks it to stop the servers, and returns when all is gone. */
    void end() {
        commands.close();
        process.onExit().join();
    }

    private String read() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new ServerFailedException("the local stack's supervisor has ended");
            }
            String[] words = line.split(" ", 3);
            switch (words[0]) {
                case "port" -> ports.put(words[1], Integer.valueOf(words[2]));
                case "up" -> pids.put(words[1], Long.valueOf(words[2]));
                default -> {}
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
