package dev.leat.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Options that let the packaged application start in a third of the time, for tests that start it often: the JVM's first
 * compiler alone, and an archive of the loaded classes (CDS). The artifact that runs is the packaged one. The archive is
 * made once for each build, by a process that starts and ends; where that fails, the application starts without one.
 *
 * <p>Not for benchmarks. Safe for several JVMs at once.
 */
public final class QuickStart {
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    private static final Duration GRACE = Duration.ofSeconds(60);

    private static List<String> options;

    private QuickStart() {}

    public static synchronized List<String> jvmOptions() {
        if (options == null) {
            options = new ArrayList<>(QUICK);
            if (hasArchive()) {
                options.add("-XX:SharedArchiveFile=" + archive());
                options.add("-Xshare:auto");
            }
        }
        return options;
    }

    private static Path archive() {
        return LocalStack.target().toAbsolutePath().resolve("stack/leat.jsa");
    }

    private static boolean hasArchive() {
        Path application = LocalStack.target().toAbsolutePath().resolve("quarkus-app/quarkus-run.jar");
        if (!LeatProcess.runsInJvm() || !Files.exists(application)) {
            return false;
        }
        // one JVM makes it, the others wait
        try (var lock = FileChannel.open(
                        Path.of(archive() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = lock.lock()) {
            if (!Files.exists(archive())
                    || Files.getLastModifiedTime(archive()).compareTo(Files.getLastModifiedTime(application)) < 0) {
                make(application);
            }
            return Files.exists(archive());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The servers that it is told of aren't there: it needs none to load its classes. */
    private static void make(Path application) throws IOException {
        Path partial = Path.of(archive() + ".partial");
        Path log = Path.of(archive() + ".log");
        Files.deleteIfExists(archive());
        Files.deleteIfExists(log);
        var command = new ArrayList<>(List.of(Server.java()));
        command.addAll(QUICK);
        command.add("-XX:ArchiveClassesAtExit=" + partial);
        command.addAll(List.of("-Dquarkus.http.host=127.0.0.1", "-Dquarkus.http.port=0"));
        LocalStack.SERVERS.forEach(
                server -> LocalStack.config(server, 1).forEach((key, value) -> command.add("-D" + key + "=" + value)));
        command.addAll(List.of("-jar", application.toString()));
        var process = TiedProcess.start(command, Map.of(), log, "TERM", GRACE);
        Deadline deadline = Deadline.generous();
        while (process.isAlive()
                && !deadline.isOver()
                && !Files.readString(log, java.nio.charset.StandardCharsets.ISO_8859_1)
                        .contains("started in")) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        process.end();
        if (Files.exists(partial)) {
            Files.move(partial, archive(), StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
