package dev.leat.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leat.stack.LocalStack;
import dev.leat.stack.StackTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages' commands and queries against one application that runs all views of the pages, with some of the demo's rides and
 * the events of {@code docs/own-topic.md}. Commands of a page are sent in their order.
 */
@QuarkusTest
@TestProfile(RunningPagesTest.AllViews.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunningPagesTest {

    private static final Path FOLDER = Path.of("target", "docs");
    private static final int RIDES = 300;
    private static final Duration GENEROUS = Duration.ofMinutes(3);

    @Inject
    Pool pool;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    /** The taxi pipeline and the views of the pages, beside the pipeline of the page on a topic of one's own. */
    public static final class AllViews implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                Path pipelines = Files.createDirectories(FOLDER.resolve("pipelines"));
                Files.writeString(pipelines.resolve("taxi.yaml"), PagePipelines.withTaxi(PagePipelines.taxiBlocks()));
                for (Block block : Page.read(Path.of("docs/own-topic.md")).blocks()) {
                    if (block.mark("file").isPresent()) {
                        Path file = FOLDER.resolve(block.mark("file").get());
                        Files.createDirectories(file.getParent());
                        Files.writeString(file, block.text());
                    }
                }
                Files.writeString(
                        pipelines.resolve("orders.yaml"),
                        Files.readString(FOLDER.resolve("orders/pipeline.yaml"))
                                .replace(
                                        "orders/Order.avsc",
                                        FOLDER.resolve("orders/Order.avsc").toString()));
                return Map.of(
                        "leat.pipeline",
                        pipelines.toString(),
                        "leat.lake.location",
                        FOLDER.resolve("lake").toString(),
                        "leat.demo.enabled",
                        "true",
                        "leat.demo.rate",
                        "0",
                        "leat.demo.count",
                        Integer.toString(RIDES),
                        "leat.query.refresh",
                        "200ms",
                        "mp.messaging.incoming.events.group.id",
                        "docs-" + System.nanoTime());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(StackTestResource.class));
        }
    }

    @BeforeAll
    void events_are_sent_and_applied() throws Exception {
        System.setProperty("kafka.bootstrap.servers", LocalStack.shared().kafka());
        System.setProperty("leat.registry.url", LocalStack.shared().registryApi());
        List<Command> sends = Command.all().stream()
                .filter(command -> command.arguments().contains("antrun:run@send"))
                .toList();
        assertThat(sends).hasSize(2);
        for (Command send : sends) {
            send(send);
        }

        await().ignoreExceptions().atMost(GENEROUS).untilAsserted(() -> {
            assertThat(count("SELECT count(*) FROM views.rides_log")).isEqualTo(RIDES);
            assertThat(count("SELECT count(*) FROM views.zones_latest WHERE location_id = 60"))
                    .isPositive();
            assertThat(count("SELECT coalesce(sum(orders), 0)::bigint FROM views.orders_by_day"))
                    .isEqualTo(4);
            assertThat(count("SELECT count(*) FROM leat.dead_letter")).isEqualTo(1);
        });
    }

    /** As {@code pom.xml} runs it. */
    private static void send(Command command) throws IOException, InterruptedException {
        Map<String, String> given = new HashMap<>();
        command.arguments().stream().filter(a -> a.startsWith("-D")).forEach(a -> {
            String[] setting = a.substring(2).split("=", 2);
            given.put(setting[0], setting[1]);
        });
        String topic = given.get("topic");
        SendEvents.main(new String[] {
            topic,
            given.getOrDefault("subject", topic + "-value"),
            FOLDER.resolve(given.get("contract")).toString(),
            given.get("key"),
            FOLDER.resolve(given.get("file")).toString()
        });
    }

    private long count(String sql) {
        return pool.query(sql).executeAndAwait().iterator().next().getLong(0);
    }

    static List<Command> curls() {
        return Command.all().stream()
                .filter(command -> command.program().equals("curl"))
                .toList();
    }

    static List<Block> queries() {
        return Block.all("sql");
    }

    @ParameterizedTest
    @MethodSource("curls")
    void a_command_is_answered(Command command) throws IOException, InterruptedException {
        HttpResponse<String> answer = curl(command.arguments());

        assertThat(answer.statusCode()).as("%s: %s", command, answer.body()).isBetween(200, 299);
        assertThat(answer.body()).doesNotContain("\"errors\"");
    }

    /** What of curl the pages use. */
    private HttpResponse<String> curl(List<String> arguments) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder();
        String method = "GET";
        String body = null;
        for (int i = 0; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case "-X" -> method = arguments.get(++i);
                case "-H" -> {
                    String[] header = arguments.get(++i).split(": ", 2);
                    request.header(header[0], header[1]);
                }
                case "-d" -> body = arguments.get(++i);
                default ->
                    request.uri(
                            URI.create("http://" + arguments.get(i).replace("localhost:8080", "localhost:" + port)));
            }
        }
        if (body != null && method.equals("GET")) {
            method = "POST";
        }
        request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    @ParameterizedTest
    @MethodSource("queries")
    void a_query_is_one(Block block) {
        String sql = block.text().replace("views.…", "views.rides_log").replaceAll("(?<!')…", "0");

        pool.withTransaction(tx -> tx.query(sql)
                        .execute()
                        .chain(() -> tx.query("SELECT pg_current_xact_id()").execute())
                        .invoke(() -> {
                            throw new RolledBack();
                        }))
                .onFailure(RolledBack.class)
                .recoverWithNull()
                .await()
                .atMost(GENEROUS);
    }

    /** Pages also show what changes Leat's tables. */
    private static final class RolledBack extends RuntimeException {}

    @Test
    void what_the_application_measures_is_on_the_page() throws IOException, InterruptedException {
        String listed = Page.read(Path.of("docs/operations.md")).text();
        Set<String> metrics = Stream.of(
                        curl(List.of("localhost:8080/q/metrics")).body().split("\n"))
                .filter(line -> line.startsWith("leat_"))
                .map(line -> line.replaceAll("[{ ].*", ""))
                .map(name -> name.replaceAll("_seconds_(count|sum|max|bucket)$", "_seconds"))
                .collect(Collectors.toSet());

        assertThat(metrics).hasSizeGreaterThan(5).allSatisfy(name -> assertThat(listed)
                .containsPattern(Pattern.compile("`" + Pattern.quote(name) + "[`{]")));
    }
}
