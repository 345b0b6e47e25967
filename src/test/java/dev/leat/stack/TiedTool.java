package dev.leat.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Any program beside the stack, for example another system that a benchmark compares with; it ends with this JVM, even
 * by {@code kill -9}. Safe for several threads.
 */
public final class TiedTool implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final TiedProcess process;
    private final Path log;

    private TiedTool(TiedProcess process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it and returns at once; both its outputs go to the log, appended. */
    public static TiedTool start(List<String> command, Path log) {
        return new TiedTool(TiedProcess.start(command, Map.of(), log, "TERM", GRACE), log);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end; 0 if all went well. */
    public int status() {
        return process.onExit().join();
    }

    /** All that it has said until now. */
    public String log() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to end, kills it after 20 s, and returns when it is gone. */
    @Override
    public void close() {
        process.end();
    }
}
