package dev.leat.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A standalone Kafka Connect worker with one sink connector. */
final class ConnectPeer implements Contender {

    private static final String CONVERTER = """
            key.converter=org.apache.kafka.connect.storage.StringConverter
            value.converter=io.apicurio.registry.utils.converter.AvroConverter
            value.converter.apicurio.registry.url=%s
            value.converter.apicurio.registry.as-confluent=true
            value.converter.apicurio.registry.use-id=contentId
            """;
    private static final String WORKER = """
            bootstrap.servers=%s
            listeners=http://127.0.0.1:0
            offset.storage.file.filename=%s
            plugin.path=%s
            plugin.discovery=only_scan
            connector.client.config.override.policy=All
            """;
    /** As the connector's documentation advises for throughput. */
    private static final String DEBEZIUM = """
            connector.class=io.debezium.connector.jdbc.JdbcSinkConnector
            connection.url=%s
            connection.username=%s
            connection.password=%s
            insert.mode=upsert
            primary.key.mode=record_value
            primary.key.fields=ride_id
            collection.name.format=rides_latest
            schema.evolution=none
            dialect.postgres.unnest.insert.enabled=true
            use.reduction.buffer=true
            batch.size=10000
            consumer.override.max.poll.records=10000
            """;

    private static final String ICEBERG = """
            connector.class=org.apache.iceberg.connect.IcebergSinkConnector
            iceberg.tables=bench.rides
            iceberg.tables.auto-create-enabled=true
            iceberg.catalog.type=hadoop
            iceberg.catalog.warehouse=file://%s
            iceberg.control.topic=%s
            iceberg.control.group-id-prefix=%s
            iceberg.control.commit.interval-ms=5000
            iceberg.control.commit.timeout-ms=5000
            iceberg.tables.auto-create-props.write.parquet.compression-codec=zstd
            consumer.override.max.poll.records=10000
            """;

    private final String name;
    private final Task task;
    private final PeerProject project;

    private ConnectPeer(String name, String project, Task task) {
        this.name = name;
        this.task = task;
        this.project = new PeerProject(project).build();
    }

    static ConnectPeer debezium() {
        return new ConnectPeer("Debezium sink", "debezium", Task.LATEST);
    }

    /** Iceberg's own jars are on the class path, so its folder of plugins is empty. */
    static ConnectPeer iceberg() {
        return new ConnectPeer("Iceberg sink", "iceberg", Task.LAKE);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean does(Task task) {
        return task == this.task;
    }

    @Override
    public Sink prepare(Run run, Postgres postgres) {
        Sink sink = PeerTables.sink(run, postgres);
        write(
                run.folder().resolve("worker.properties"),
                WORKER.formatted(
                                run.servers().kafka(),
                                run.folder().resolve("offsets"),
                                project.target().resolve("plugins"))
                        + CONVERTER.formatted(run.servers().apicurioRegistry()));
        write(
                run.folder().resolve("connector.properties"),
                """
                name=%s
                topics=%s
                tasks.max=2
                consumer.override.auto.offset.reset=earliest
                """.formatted(run.name(), run.topic().name()) + connector(run));
        return sink;
    }

    private String connector(Run run) {
        if (task == Task.LATEST) {
            return DEBEZIUM.formatted(
                    run.database().jdbcUrl(),
                    run.database().user(),
                    run.database().password());
        }
        // the connector doesn't make it
        String control = run.name() + "_control";
        run.servers().createTopic(control, 1);
        return ICEBERG.formatted(run.lake(), control, run.name());
    }

    @Override
    public Started start(Run run) {
        return project.start(
                run.folder().resolve("log"),
                List.of(),
                "org.apache.kafka.connect.cli.ConnectStandalone",
                run.folder().resolve("worker.properties").toString(),
                run.folder().resolve("connector.properties").toString());
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
