package dev.leat.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Options that let the packaged application start in a third of the time, for tests that start it often: the JVM's first
 * compiler alone, and an archive of its classes. The artifact that runs is the packaged one. The archive is made once for
 * each build, by a process that takes a few rides from Kafka to views and lake and ends, so that it has the classes of that
 * too; where that fails, the application starts without one.
 *
 * <p>Not for benchmarks. Safe for several JVMs at once.
 */
public final class QuickStart {
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** A JVM from 25 on makes an AOT cache at its end, whose classes are linked already; an older one a CDS archive. */
    private static final boolean HAS_AOT = Runtime.version().feature() >= 25;

    private static final String PIPELINE = """
            streams:
              rides:
                topic: quick-start.rides
                contract: avro/TaxiRide.avsc
                key-contract: avro/TaxiRideKey.avsc
                key: ride_id
                event-time: pickup_at
                lateness: 10m
                lake: {roll: {every: 1s}}
              zones: {topic: quick-start.zones, contract: avro/Zone.avsc, key-contract: avro/ZoneKey.avsc, key: location_id}
            views:
              rides_latest: {latest: rides}
              rides_log: {log: rides}
              zones_latest: {latest: zones}
              by_vendor: {sql: 'SELECT vendor_id, count(*) AS rides FROM rides GROUP BY 1'}
            """;

    private static List<String> options;

    private QuickStart() {}

    public static synchronized List<String> jvmOptions() {
        if (options == null) {
            options = new ArrayList<>(QUICK);
            if (hasArchive()) {
                options.addAll(
                        HAS_AOT
                                ? List.of("-XX:AOTCache=" + archive())
                                : List.of("-XX:SharedArchiveFile=" + archive(), "-Xshare:auto"));
            }
        }
        return options;
    }

    private static Path archive() {
        return LocalStack.target().toAbsolutePath().resolve("stack/leat." + (HAS_AOT ? "aot" : "jsa"));
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
                make();
            }
            return Files.exists(archive());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void make() throws IOException {
        Path partial = Path.of(archive() + ".partial");
        Files.deleteIfExists(archive());
        Files.deleteIfExists(partial);
        var jvmOptions = new ArrayList<>(QUICK);
        jvmOptions.add((HAS_AOT ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + partial);
        LocalStack stack = LocalStack.shared();
        Database database =
                stack.createDatabase("quick_start_" + ProcessHandle.current().pid());
        // The archive is written after the application has ended, which takes a while.
        try (LeatProcess leat = LeatProcess.start(
                "stack/quick-start", config(stack, database), Map.of(), jvmOptions, Deadline.GENEROUS)) {
            leat.awaitReady();
            Awaitility.await()
                    .atMost(Deadline.GENEROUS)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> hasLake(database));
            leat.terminate();
        } catch (ServerFailedException | ConditionTimeoutException e) {
            System.err.println("No archive for quick starts: " + e.getMessage());
        }
        if (Files.exists(partial)) {
            Files.move(partial, archive(), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static Map<String, String> config(LocalStack stack, Database database) throws IOException {
        Path folder = LocalStack.target().toAbsolutePath().resolve("stack/quick-start");
        Path pipeline = Files.createDirectories(folder).resolve("pipeline.yaml");
        Files.writeString(pipeline, PIPELINE);
        var config = new HashMap<>(stack.config(database));
        config.put("leat.pipeline", pipeline.toString());
        config.put("leat.lake.location", folder.resolve("lake").toString());
        config.put("mp.messaging.incoming.events.group.id", "quick-start");
        config.put("mp.messaging.incoming.events.metadata.max.age.ms", "1000");
        config.put("leat.demo.enabled", "true");
        config.put("leat.demo.rides-topic", "quick-start.rides");
        config.put("leat.demo.zones-topic", "quick-start.zones");
        config.put("leat.demo.rate", "0");
        config.put("leat.demo.count", "1000");
        return config;
    }

    private static boolean hasLake(Database database) throws SQLException {
        try (var connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM leat.lake_file")) {
            rows.next();
            return rows.getLong(1) > 0;
        }
    }
}
