package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.stack.LeatProcess;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One application with several small streams, for faults in one of them. Each stream {@code s} has a topic {@code <run>.s}, of
 * one partition where nothing else is said, with events of an id, which is the key, and a text; and the views {@code s_log} and
 * {@code s_latest}.
 */
final class ScopedStreams implements AutoCloseable {

    private static final Schema NOTE = new Schema.Parser().parse("""
            {"type": "record", "name": "Note", "namespace": "dev.leat.notes",
             "fields": [{"name": "id", "type": "string"}, {"name": "text", "type": "string"}]}""");

    final Scenario scenario;
    final LeatProcess leat;
    private final Map<String, Integer> schemas = new HashMap<>();
    private final Map<String, List<String>> sent = new HashMap<>();
    private final KafkaProducer<byte[], byte[]> producer;

    /**
     * What is to be there.
     *
     * @param streams further settings of each, in YAML, by name: {@code , on-poison: stop}
     * @param partitions of their topics, where it isn't one; a topic of none isn't created
     * @param views further ones, each a line of YAML; RUN in it is the run's name
     * @param contracts of those whose contract isn't that of notes
     * @param topics that views write to
     * @param before statements that are executed before the application starts
     */
    record Declared(
            Map<String, String> streams,
            Map<String, Integer> partitions,
            List<String> views,
            Map<String, String> contracts,
            List<String> topics,
            List<String> before) {}

    ScopedStreams(String name, Declared declared) {
        scenario = new Scenario(name, run -> pipeline(run, declared), run -> topics(run, declared));
        for (String stream : declared.streams().keySet()) {
            String contract = declared.contracts().get(stream);
            if (contract == null) {
                register(stream);
            } else {
                Framed.register(scenario.stack, topic(stream) + "-value", contract);
            }
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", scenario.stack.kafka()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        declared.before().forEach(scenario::execute);
        leat = scenario.start(Map.of("leat.ingest.backoff-max", "1s", "leat.ingest.topic-check", "1s"));
    }

    private static List<NewTopic> topics(String run, Declared declared) {
        List<NewTopic> topics = new ArrayList<>();
        declared.topics().forEach(topic -> topics.add(new NewTopic(run + "." + topic, 1, (short) 1)));
        declared.streams().keySet().forEach(stream -> {
            int partitions = declared.partitions().getOrDefault(stream, 1);
            if (partitions > 0) {
                topics.add(new NewTopic(run + "." + stream, partitions, (short) 1));
            }
        });
        return topics;
    }

    private static String pipeline(String run, Declared declared) {
        Set<String> streams = declared.streams().keySet();
        return "streams:\n"
                + declared.streams().entrySet().stream()
                        .map(s -> "  %1$s: {topic: %2$s.%1$s, key: id%3$s}\n".formatted(s.getKey(), run, s.getValue()))
                        .collect(Collectors.joining())
                + "views:\n"
                + streams.stream()
                        .map("  %1$s_log: {log: %1$s}\n  %1$s_latest: {latest: %1$s}\n"::formatted)
                        .collect(Collectors.joining())
                + declared.views().stream()
                        .map(view -> "  " + view.replace("RUN", run) + "\n")
                        .collect(Collectors.joining());
    }

    String topic(String stream) {
        return scenario.name + "." + stream;
    }

    /** Gives the registry the contract of notes as the stream's newest version. */
    void register(String stream) {
        schemas.put(stream, Framed.register(scenario.stack, topic(stream) + "-value", NOTE.toString()));
    }

    void createTopic(String stream) {
        administer(admin -> Scenario.create(admin, List.of(new NewTopic(topic(stream), 1, (short) 1))));
    }

    /** Removes all that the topic of the stream has, as retention does. */
    void truncate(String stream) {
        TopicPartition partition = new TopicPartition(topic(stream), 0);
        administer(admin -> admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1)))
                .all()
                .get());
    }

    /** Changes a setting of a topic. */
    void configure(String topic, String setting, String value) {
        administer(admin -> admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic(topic)),
                        List.of(new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET))))
                .all()
                .get());
    }

    /** What is asked of an administrator of Kafka. */
    private interface Administered {
        void ask(Admin admin) throws InterruptedException, ExecutionException;
    }

    private void administer(Administered work) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", scenario.stack.kafka()))) {
            work.ask(admin);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    void send(String stream, String id, String text) {
        sendTo(stream, 0, id, text);
    }

    /** To a partition of a topic that has several. */
    void sendTo(String stream, int partition, String id, String text) {
        sendUncounted(stream, partition, id, text);
        sent.computeIfAbsent(stream, s -> new ArrayList<>()).add(id);
    }

    /** One that won't be applied. */
    void sendUncounted(String stream, int partition, String id, String text) {
        byte[] note = Framed.encoded(
                NOTE,
                new GenericRecordBuilder(NOTE).set("id", id).set("text", text).build());
        sendBytes(stream, partition, id, Framed.bytes(schemas.get(stream), note));
    }

    /** Whatever they are. */
    void sendBytes(String stream, int partition, String key, byte[] value) {
        Words.get(producer.send(
                new ProducerRecord<>(topic(stream), partition, key.getBytes(StandardCharsets.UTF_8), value)));
    }

    /** How many were sent that count. */
    int count(String stream) {
        return sent.getOrDefault(stream, List.of()).size();
    }

    /** Waits until each event of the stream that was sent is in its log, once, in order. */
    void awaitApplied(String stream) {
        List<String> expected = sent.getOrDefault(stream, List.of());
        await("events of " + stream)
                .ignoreExceptions()
                .until(() -> expected.equals(
                        scenario
                                .rows("SELECT id FROM views." + stream + "_log ORDER BY substr(id, 2)::integer")
                                .stream()
                                .map(List::getFirst)
                                .toList()));
        assertThat(scenario.count("SELECT count(*) FROM (SELECT substr(id, 2)::integer < lag(substr(id, 2)::integer)"
                        + " OVER (PARTITION BY _partition ORDER BY _offset) AS back FROM views." + stream
                        + "_log) AS followed WHERE back"))
                .isZero();
    }

    JsonNode state(String stream) {
        return leat.get("/api/streams/" + stream);
    }

    /** Of one scope and name; null when nothing of it fails. */
    JsonNode failure(String scope, String name) {
        return failure(leat, scope, name);
    }

    static JsonNode failure(LeatProcess leat, String scope, String name) {
        for (JsonNode failure : leat.get("/api/failures").get("failures")) {
            if (failure.get("scope").asText().equals(scope)
                    && failure.get("name").asText().equals(name)) {
                return failure;
            }
        }
        return null;
    }

    String health() {
        return leat.send("GET", "/q/health/ready").body();
    }

    String metrics() {
        return leat.send("GET", "/q/metrics").body();
    }

    HttpResponse<String> resume(String scope, String name) {
        return resume(leat, scope, name);
    }

    static HttpResponse<String> resume(LeatProcess leat, String scope, String name) {
        return leat.send("POST", "/api/failures/" + scope + "/" + name + "/resume");
    }

    /** A session beside Leat's. */
    Connection session() {
        try {
            Connection session = DriverManager.getConnection(
                    scenario.database.jdbcUrl(), scenario.database.user(), scenario.database.password());
            session.setAutoCommit(false);
            return session;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
        scenario.close();
    }
}
