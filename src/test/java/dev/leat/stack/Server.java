package dev.leat.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One server of the stack: a process of its own that keeps its port and its data from one start to the next, and ends
 * with this JVM. Started means that it answers requests.
 *
 * <pre>
 * new ──start──▶ running ──pause──▶ paused
 *                 │  ▲ ▲              │
 *               stop start └──resume──┘
 *                 ▼  │
 *                stopped
 * </pre>
 *
 * Its methods may be called by any thread, one at a time (the monitor sees to that).
 */
abstract class Server {
    // measured: an idle server ends within half a second
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);

    final String name;
    final int port = Ports.free();
    final Path directory;
    private final Path log;
    private boolean prepared;
    private TiedProcess process;

    Server(String name, Path stackDirectory) {
        this.name = name;
        this.directory = stackDirectory.resolve(name);
        this.log = stackDirectory.resolve(name + ".log");
    }

    /** Unpacks, configures and formats what the server needs; called once, before the first start. */
    abstract void prepare() throws IOException;

    abstract List<String> command();

    /** Whether the server answers a real request now; called again and again until it does, and may throw until then. */
    abstract boolean answers() throws Exception;

    String endSignal() {
        return "TERM";
    }

    /** For how long a start may fail because processes of a killed predecessor are still leaving. */
    Duration waitForPredecessor() {
        return Duration.ZERO;
    }

    /** Returns when the server answers. */
    final synchronized void start() throws IOException {
        if (process != null && process.isAlive()) {
            return;
        }
        long begin = System.nanoTime();
        if (!prepared) {
            // a supervisor that was killed couldn't remove its data
            Archives.delete(directory);
            Files.createDirectories(directory);
            prepare();
            prepared = true;
        }
        process = TiedProcess.start(command(), Map.of(), log, endSignal(), STOP_GRACE);
        awaitAnswer();
        System.err.printf(
                "[stack] %s answers on 127.0.0.1:%d after %.1f s%n", name, port, (System.nanoTime() - begin) / 1e9);
    }

    final synchronized void stop() {
        if (process != null) {
            process.resume();
            process.end();
        }
    }

    /** Removes the data, not the log. */
    void discard() throws IOException {
        Archives.delete(directory);
    }

    final synchronized void kill9() {
        process.kill9();
    }

    final synchronized void pause() {
        process.pause();
    }

    final synchronized void resume() {
        process.resume();
    }

    /** Once at least; it may have been stopped again. */
    final synchronized boolean hasStarted() {
        return process != null;
    }

    final synchronized long pid() {
        return process.pid();
    }

    /** Runs a tool of the server to its end, with its output in the server's log. */
    final void run(List<String> tool) {
        var process = TiedProcess.start(tool, Map.of(), log, "TERM", STOP_GRACE);
        int status = process.onExit()
                .orTimeout(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS)
                .join();
        if (status != 0) {
            throw new ServerFailedException(name, "ended with " + status + " at `" + String.join(" ", tool) + "`", log);
        }
    }

    private void awaitAnswer() {
        Deadline deadline = Deadline.generous();
        long predecessorGone = System.nanoTime() + waitForPredecessor().toNanos();
        String last = "no answer";
        while (!deadline.isOver()) {
            if (!process.isAlive() && System.nanoTime() < predecessorGone) {
                process = TiedProcess.start(command(), Map.of(), log, endSignal(), STOP_GRACE);
            } else if (!process.isAlive()) {
                throw new ServerFailedException(
                        name, "ended with status " + process.onExit().join() + " while it started", log);
            }
            try {
                if (answers()) {
                    return;
                }
            } catch (Exception e) {
                last = e.toString();
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new ServerFailedException(name, "did not answer within " + Deadline.GENEROUS + " (" + last + ")", log);
    }

    /** The JDK that runs us runs the servers too. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
