package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;

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
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One application with several small streams, for faults in one of them. Each stream {@code s} has a topic of one partition,
 * {@code <run>.s}, with events of an id, which is the key, and a text; and the views {@code s_log} and {@code s_latest}.
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
     * @param streams further settings of each, in YAML, by name: {@code , on-poison: stop}
     * @param views further ones, each a line of YAML
     * @param withoutTopic whose topics aren't created
     * @param withoutContract whose contracts the registry doesn't have yet
     */
    ScopedStreams(
            String name,
            Map<String, String> streams,
            List<String> views,
            List<String> withoutTopic,
            Map<String, String> withoutContract) {
        scenario = new Scenario(name, run -> pipeline(run, streams, views), run -> streams.keySet().stream()
                .filter(stream -> !withoutTopic.contains(stream))
                .map(stream -> new NewTopic(run + "." + stream, 1, (short) 1))
                .toList());
        for (String stream : streams.keySet()) {
            String contract = withoutContract.get(stream);
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
        leat = scenario.start(Map.of("leat.ingest.backoff-max", "1s"));
    }

    private static String pipeline(String run, Map<String, String> streams, List<String> views) {
        return "streams:\n"
                + streams.entrySet().stream()
                        .map(s -> "  %1$s: {topic: %2$s.%1$s, key: id%3$s}\n".formatted(s.getKey(), run, s.getValue()))
                        .collect(Collectors.joining())
                + "views:\n"
                + streams.keySet().stream()
                        .map("  %1$s_log: {log: %1$s}\n  %1$s_latest: {latest: %1$s}\n"::formatted)
                        .collect(Collectors.joining())
                + views.stream().map(view -> "  " + view + "\n").collect(Collectors.joining());
    }

    String topic(String stream) {
        return scenario.name + "." + stream;
    }

    /** Gives the registry the contract of notes as the stream's newest version. */
    void register(String stream) {
        schemas.put(stream, Framed.register(scenario.stack, topic(stream) + "-value", NOTE.toString()));
    }

    void createTopic(String stream) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", scenario.stack.kafka()))) {
            Scenario.create(admin, List.of(new NewTopic(topic(stream), 1, (short) 1)));
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    void send(String stream, String id, String text) {
        byte[] note = Framed.encoded(
                NOTE,
                new GenericRecordBuilder(NOTE).set("id", id).set("text", text).build());
        sendBytes(stream, id, Framed.bytes(schemas.get(stream), note));
        sent.computeIfAbsent(stream, s -> new ArrayList<>()).add(id);
    }

    /** Whatever they are. */
    void sendBytes(String stream, String key, byte[] value) {
        Words.get(producer.send(new ProducerRecord<>(topic(stream), key.getBytes(StandardCharsets.UTF_8), value)));
    }

    /** Waits until each event of the stream that was sent is in its log, once, in order. */
    void awaitApplied(String stream) {
        String expected = String.join("|", sent.getOrDefault(stream, List.of()));
        await("events of " + stream)
                .ignoreExceptions()
                .until(() -> expected.equals(
                        scenario.rows("SELECT coalesce(string_agg(id, '|' ORDER BY _offset), '') FROM views." + stream
                                        + "_log")
                                .getFirst()
                                .getFirst()));
    }

    JsonNode state(String stream) {
        return leat.get("/api/streams/" + stream);
    }

    /** Of one scope and name; null when nothing of it fails. */
    JsonNode failure(String scope, String name) {
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
