package dev.leat.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A process that ends when this JVM does, even by {@code kill -9}: a shell ({@code tied.sh}) beside it waits for the end
 * of a pipe that only this JVM holds, and then asks the process to end, and kills it if it hasn't after a grace time.
 * Safe for use by several threads.
 */
final class TiedProcess {
    private static final String SCRIPT = script();

    private final Process shell;
    private final ProcessHandle handle;

    private TiedProcess(Process shell, ProcessHandle handle) {
        this.shell = shell;
        this.handle = handle;
    }

    /**
     * @param signal what asks the process to end, for example {@code TERM}
     * @param grace how long it may take for that before it is killed; whole seconds
     * @param log receives its output, appended
     */
    static TiedProcess start(
            List<String> command, Map<String, String> environment, Path log, String signal, Duration grace) {
        var line = new ArrayList<>(
                List.of("/bin/sh", "-c", SCRIPT, "tied", signal, String.valueOf(grace.toSeconds()), log.toString()));
        line.addAll(command);
        var builder = new ProcessBuilder(line);
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            Process shell = builder.start();
            long pid = Long.parseLong(shell.inputReader().readLine());
            // a process that ended at once has no handle any more; the shell's exit tells that too
            ProcessHandle handle = ProcessHandle.of(pid).orElse(shell.toHandle());
            // frees the shell's watcher, which otherwise waits on the pipe for as long as this JVM lives
            shell.onExit().thenAccept(TiedProcess::closePipe);
            return new TiedProcess(shell, handle);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.getFirst(), e);
        }
    }

    long pid() {
        return handle.pid();
    }

    boolean isAlive() {
        return shell.isAlive();
    }

    /** Completes with the exit status once the process is gone; 128 + n when signal n ended it. */
    CompletableFuture<Integer> onExit() {
        return shell.onExit().thenApply(Process::exitValue);
    }

    /** Asks the process to end, kills it after its grace time, and returns its exit status when it is gone. */
    int end() {
        closePipe(shell);
        return onExit().join();
    }

    int kill9() {
        if (isAlive()) {
            signalWithChildren("KILL");
        }
        return onExit().join();
    }

    void pause() {
        signalWithChildren("STOP");
    }

    void resume() {
        signalWithChildren("CONT");
    }

    /** The parent first, so that it can't start another child meanwhile. */
    private void signalWithChildren(String signal) {
        signal(signal, handle);
        handle.descendants().forEach(child -> signal(signal, child));
    }

    private static void signal(String signal, ProcessHandle process) {
        try {
            new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot signal process " + process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closePipe(Process shell) {
        try {
            shell.getOutputStream().close();
        } catch (IOException e) {
            // the shell is gone, and its end of the pipe with it: nothing left to close
        }
    }

    private static String script() {
        try (InputStream script = TiedProcess.class.getResourceAsStream("tied.sh")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of a log, for a message that says why. */
    static String tail(Path log, int lines) {
        try {
            List<String> all = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }
}
