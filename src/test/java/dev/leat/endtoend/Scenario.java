package dev.leat.endtoend;

import dev.leat.stack.Database;
import dev.leat.stack.LeatProcess;
import dev.leat.stack.LocalStack;
import dev.leat.stack.PgProxy;
import dev.leat.stack.QuickStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.duckdb.DuckDBDriver;

/**
 * One run of the packaged application with topics, a database, a pipeline and a lake of its own, beside the shared
 * servers. What a test looks at, it reads itself: Postgres over JDBC, the lake with DuckDB.
 */
final class Scenario implements AutoCloseable {

    /** A process that is started after another with the same one was killed takes its place in the group at once. */
    static final String INSTANCE = "mp.messaging.incoming.events.group.instance.id";

    private static final AtomicInteger RUNS = new AtomicInteger();

    final LocalStack stack = LocalStack.shared().whole();
    final String name;
    final String rides;
    final String zones;
    final Path folder;
    final Database database;
    private final List<LeatProcess> processes = new ArrayList<>();

    Scenario(String test) {
        this(
                test,
                Scenario::taxiPipeline,
                name -> List.of(
                        new NewTopic(name + ".rides", 6, (short) 1),
                        new NewTopic(name + ".zones", 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))));
    }

    /**
     * A run with a pipeline and topics of the test's own; both are made from the run's name, so that no other has them.
     *
     * @param pipeline gives the text of {@code pipeline.yaml}
     */
    Scenario(String test, UnaryOperator<String> pipeline, Function<String, List<NewTopic>> topics) {
        this.name = test + "_" + ProcessHandle.current().pid() + "_" + RUNS.incrementAndGet();
        this.rides = name + ".rides";
        this.zones = name + ".zones";
        this.folder = Path.of("target", "endtoend", name).toAbsolutePath();
        this.database = stack.createDatabase(name);
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("pipeline.yaml"), pipeline.apply(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        create(topics.apply(name));
    }

    private static String taxiPipeline(String name) {
        return """
                streams:
                  rides:
                    topic: %1$s.rides
                    contract: avro/TaxiRide.avsc
                    key-contract: avro/TaxiRideKey.avsc
                    key: ride_id
                    event-time: pickup_at
                    lateness: 10m
                    lake: {roll: {every: 1s}}
                  zones: {topic: %1$s.zones, contract: avro/Zone.avsc, key-contract: avro/ZoneKey.avsc, key: location_id}
                views:
                  rides_latest: {latest: rides}
                  rides_log: {log: rides}
                  zones_latest: {latest: zones}
                """.formatted(name);
    }

    private void create(List<NewTopic> topics) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.kafka()))) {
            create(admin, topics);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Returns when they can be written to. Created isn't ready: an idempotent producer whose first batch is refused and
     * whose second isn't is stuck; and for a moment the broker may not even know of them.
     */
    static void create(Admin admin, List<NewTopic> topics) throws InterruptedException, ExecutionException {
        admin.createTopics(topics).all().get();
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (NewTopic topic : topics) {
            for (int partition = 0; partition < topic.numPartitions(); partition++) {
                partitions.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        Waits.await("new topics")
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(() -> admin.listOffsets(partitions).all().get().size() == partitions.size());
    }

    /** Replaces the pipeline, for processes that are started from now on. */
    Scenario declare(String pipeline) {
        try {
            Files.writeString(folder.resolve("pipeline.yaml"), pipeline);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** The text of the pipeline as it is now. */
    String declared() {
        try {
            return Files.readString(folder.resolve("pipeline.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path lake() {
        return folder.resolve("lake");
    }

    /** Starts the application with the scenario's servers, and these settings on top. */
    LeatProcess start(Map<String, String> settings) {
        return start(settings, QuickStart.jvmOptions());
    }

    /** @param jvmOptions instead of those for a quick start; for example {@code -Xmx128m} */
    LeatProcess start(Map<String, String> settings, List<String> jvmOptions) {
        Map<String, String> config = new HashMap<>(stack.config(database));
        config.put("leat.pipeline", folder.resolve("pipeline.yaml").toString());
        config.put("leat.lake.location", lake().toString());
        config.put("mp.messaging.incoming.events.group.id", name);
        config.put("mp.messaging.incoming.events.metadata.max.age.ms", "1000");
        // A killed instance's partitions are wanted back soon.
        config.put("mp.messaging.incoming.events.session.timeout.ms", "6000");
        // One that is there hears of one that joins with its next heartbeat, twice.
        config.put("mp.messaging.incoming.events.heartbeat.interval.ms", "500");
        config.put("leat.demo.rides-topic", rides);
        config.put("leat.demo.zones-topic", zones);
        config.putAll(settings);
        LeatProcess process =
                LeatProcess.start("endtoend/" + name + "/" + processes.size(), config, Map.of(), jvmOptions);
        processes.add(process);
        ProcessLogs.add(process);
        return process;
    }

    /** Starts the application with its database seen through a proxy. */
    LeatProcess startThrough(PgProxy proxy, Map<String, String> settings) {
        Map<String, String> config = new HashMap<>(settings);
        config.putAll(proxy.database().config());
        return start(config);
    }

    /** A process that only sends rides; killing the others doesn't end it. */
    LeatProcess startGenerator(Map<String, String> settings) {
        Map<String, String> config = new HashMap<>(settings);
        config.put("leat.roles", "query");
        config.put("leat.demo.enabled", "true");
        return start(config);
    }

    /** The first column of the first row; 0 while the table isn't there. */
    long count(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        } catch (SQLException e) {
            if (e.getSQLState() != null
                    && (e.getSQLState().startsWith("42") || e.getSQLState().startsWith("3F"))) {
                return 0;
            }
            throw new IllegalStateException(sql, e);
        }
    }

    List<List<Object>> rows(String sql) {
        try (Connection connection = connect()) {
            return read(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }

    /** Asks DuckDB; {@code LAKE} in the statement stands for the files of a stream that the manifest names. */
    List<List<Object>> duckdb(String stream, String sql) {
        String files = rows("SELECT path FROM leat.lake_file WHERE stream = '" + stream + "' ORDER BY path").stream()
                .map(row -> "'" + lake().resolve((String) row.getFirst()) + "'")
                .collect(Collectors.joining(", "));
        return duckdb(sql.replace("LAKE", "read_parquet([" + files + "], union_by_name = true)"));
    }

    List<List<Object>> duckdb(String sql) {
        try (Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties())) {
            return read(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static List<List<Object>> read(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<List<Object>> read = new ArrayList<>();
            while (rows.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(rows.getObject(i));
                }
                read.add(row);
            }
            return read;
        }
    }

    @Override
    public void close() {
        processes.forEach(LeatProcess::kill9);
    }
}
