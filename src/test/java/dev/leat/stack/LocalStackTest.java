package dev.leat.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class LocalStackTest {
    private final LocalStack stack = LocalStack.shared();

    @Test
    void kafka_delivers_what_was_sent() {
        String topic = "sent-" + UUID.randomUUID();
        send(topic, "e1");

        assertThat(received(topic, 1)).containsExactly("e1");
    }

    @Test
    void postgres_18_is_durable() throws Exception {
        var database = stack.createDatabase("durable");

        assertThat(query(database, "SHOW server_version")).startsWith("18.");
        assertThat(query(database, "SHOW fsync")).isEqualTo("on");
        assertThat(query(database, "SHOW synchronous_commit")).isEqualTo("on");
        assertThat(query(database, "SELECT current_database()")).isEqualTo("durable");
    }

    @Test
    void the_registry_says_who_it_is() throws Exception {
        assertThat(get(stack.registryApi() + "/system/info")).contains("Apicurio Registry", "3.3.3");
    }

    @Test
    void a_stopped_server_comes_back_on_its_port_with_its_data() throws Exception {
        // Given
        String topic = "kept-" + UUID.randomUUID();
        send(topic, "e1");
        var database = stack.createDatabase("kept");
        execute(database, "CREATE TABLE kept AS SELECT 'e1' AS v");
        post(stack.registryApi() + "/groups/kept/artifacts", """
                {"artifactId": "kept", "artifactType": "AVRO", "firstVersion": {"content":
                  {"content": "\\"string\\"", "contentType": "application/json"}}}""");

        // When
        stack.stopKafka();
        stack.stopPostgres();
        stack.stopRegistry();
        assertThat(stack.pids().stream().skip(1).filter(LocalStackTest::isAlive))
                .isEmpty();
        stack.startKafka();
        stack.startPostgres();
        stack.startRegistry();

        // Then
        assertThat(received(topic, 1)).containsExactly("e1");
        assertThat(query(database, "SELECT v FROM kept")).isEqualTo("e1");
        assertThat(get(stack.registryApi() + "/groups/kept/artifacts/kept/versions/1/content"))
                .isEqualTo("\"string\"");
    }

    @Test
    void a_crashed_postgres_recovers_what_was_committed() throws Exception {
        var database = stack.createDatabase("crashed");
        execute(database, "CREATE TABLE crashed AS SELECT 'e1' AS v");

        stack.killPostgres();
        stack.startPostgres();

        assertThat(query(database, "SELECT v FROM crashed")).isEqualTo("e1");
    }

    @Test
    void a_paused_server_answers_when_it_is_resumed() throws Exception {
        var database = stack.createDatabase("paused");
        stack.pausePostgres();

        assertThat(catchThrowable(() -> query(database, "SELECT 'e1'")))
                .hasRootCauseInstanceOf(SocketTimeoutException.class);
        stack.resumePostgres();

        assertThat(query(database, "SELECT 'e1'")).isEqualTo("e1");
    }

    private void send(String topic, String value) {
        Map<String, Object> config = Map.of("bootstrap.servers", stack.kafka());
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value));
        }
    }

    private List<String> received(String topic, int count) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", stack.kafka(), "group.id", topic + "-reader", "auto.offset.reset", "earliest");
        var values = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long deadline = System.nanoTime() + Deadline.GENEROUS.toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(received -> values.add(received.value()));
            }
        }
        return values;
    }

    private static String query(Database database, String sql) throws Exception {
        try (var connection = DriverManager.getConnection(
                        database.jdbcUrl() + "?connectTimeout=2&socketTimeout=2",
                        database.user(),
                        database.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void execute(Database database, String sql) throws Exception {
        try (var connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String get(String url) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url)));
    }

    private static void post(String url, String json) throws Exception {
        send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private static String send(HttpRequest.Builder request) throws Exception {
        var answer = HttpClient.newHttpClient()
                .send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
