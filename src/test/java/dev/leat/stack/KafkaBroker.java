package dev.leat.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** A Kafka broker that is its own KRaft controller. */
final class KafkaBroker extends Server {
    private static final String CLUSTER_ID = "bGVhdC1sb2NhbC1zdGFjaw";

    private final int controllerPort = Ports.free();
    private final Path configuration;

    KafkaBroker(Path stackDirectory) {
        super("kafka", stackDirectory);
        configuration = directory.resolve("server.properties");
    }

    @Override
    void prepare() throws IOException {
        Files.writeString(configuration, """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                log.dirs=%3$s
                num.partitions=3
                auto.create.topics.enable=true
                # one broker holds all replicas
                default.replication.factor=1
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=8
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=8
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                # a test's only consumer needn't wait for others to join its group
                group.initial.rebalance.delay.ms=0
                # compaction is looked for at once, not every 15 s
                log.cleaner.backoff.ms=500
                # tests provoke rebalances: let a dead member be noticed soon
                group.min.session.timeout.ms=1000
                """.formatted(port, controllerPort, directory.resolve("data")));
        // ends at once, so better compiled code would come too late
        List<String> format = new ArrayList<>(
                java("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", configuration.toString()));
        format.add(1, "-XX:TieredStopAtLevel=1");
        run(format);
    }

    @Override
    List<String> command() {
        return java("kafka.Kafka", configuration.toString());
    }

    @Override
    boolean answers() throws Exception {
        Map<String, Object> client = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + port,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 100);
        try (Admin admin = Admin.create(client)) {
            return !admin.describeCluster().nodes().get(10, TimeUnit.SECONDS).isEmpty();
        }
    }

    /** Kafka's classes are on this JVM's class path: the servers' one. */
    private static List<String> java(String mainClass, String... arguments) {
        var command = new ArrayList<>(List.of(
                java(),
                "-Xms128m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
        command.addAll(List.of(arguments));
        return command;
    }
}
