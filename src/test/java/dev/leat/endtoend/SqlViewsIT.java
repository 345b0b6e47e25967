package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.stack.LeatProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Views in SQL by the packaged application, which is killed while it keeps them current. */
@ExtendWith(ProcessLogs.class)
class SqlViewsIT {

    private static final String CONTRACT = """
            {"type": "record", "name": "Sale", "namespace": "dev.leat.sales",
             "fields": [{"name": "id", "type": "string"}, {"name": "shop", "type": "int"},
                        {"name": "cents", "type": "long"},
                        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}
            """;
    private static final Schema SALE = new Schema.Parser().parse(CONTRACT);

    // Quiet streams become final soon, so each half is there before its process is; a batch holds few events, so that a
    // kill comes between many. How many doesn't follow from the machine's speed.
    private static final Map<String, String> SETTINGS = Map.of(
            "leat.view.idle-after",
            "2s",
            "leat.ingest.batch-records",
            "200",
            "leat.ingest.batch-within",
            "1m",
            Scenario.INSTANCE,
            "leat");

    @Test
    void groups_windows_and_topics_stay_exact_though_the_application_is_killed() {
        try (Scenario scenario = scenario("sqlviews")) {
            // Given
            Instant begin = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);
            send(scenario, 0, 3000, begin);
            LeatProcess first = scenario.start(SETTINGS);
            await().until(() -> scenario.count("SELECT count(*) FROM views.sales_log") > 500);

            // When
            first.kill9();
            send(scenario, 3000, 6000, begin);
            LeatProcess second = scenario.start(SETTINGS).awaitReady();
            await().until(() -> scenario.count("SELECT count(*) FROM views.sales_log") == 6000);

            // Then
            assertThat(scenario.rows("SELECT shop, sales, cents, dear FROM views.by_shop ORDER BY shop"))
                    .isEqualTo(scenario.rows("SELECT shop, count(*), sum(cents), count(*) FILTER (WHERE cents >= 900)"
                            + " FROM views.sales_log GROUP BY shop ORDER BY shop"));
            assertThat(scenario.rows("SELECT shop, minute, sales FROM views.by_minute ORDER BY shop, minute"))
                    .isEqualTo(scenario.rows("SELECT shop, date_trunc('minute', at), count(*) FROM views.sales_log"
                            + " GROUP BY 1, 2 ORDER BY 1, 2"));
            // Nothing comes any more: the wall clock makes the windows final.
            await().until(() -> scenario.count("SELECT count(*) FROM views.by_minute WHERE NOT final") == 0);

            // When
            List<List<Object>> last = scenario.rows("SELECT * FROM views.by_minute ORDER BY shop, minute");
            send(scenario, 6000, 6001, begin.minus(30, ChronoUnit.MINUTES));

            // Then
            await().until(() -> second.get("/api/late-events?view=by_minute")
                            .get("late_events")
                            .size()
                    == 1);
            assertThat(scenario.rows("SELECT * FROM views.by_minute ORDER BY shop, minute"))
                    .isEqualTo(last);
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();
            assertAnswered(second);
            await().until(() -> scenario.count("SELECT count(*) FROM leat.outbox") == 0);
        }
    }

    private static void assertAnswered(LeatProcess instance) {
        JsonNode rows = instance.get("/api/views/by_shop?order=shop").get("rows");
        assertThat(rows).hasSize(7);
        assertThat(rows.get(1).get("shop").asInt()).isEqualTo(1);
        JsonNode explained = instance.get("/api/views/by_shop/explain");
        assertThat(explained.at("/columns/cents").asText()).isEqualTo("adds: _s2");
        assertThat(explained.at("/key/0").asText()).isEqualTo("shop");
        assertThat(explained.at("/tables/0/table").asText()).isEqualTo("views_state.by_shop");
        assertThat(explained.at("/tables/0/bytes").asLong()).isPositive();
    }

    @Test
    void a_select_that_postgres_refuses_ends_the_process_with_its_place() {
        try (Scenario scenario = scenario("sqlrefused")) {
            // Given
            scenario.declare(pipeline(scenario, "wrong: {sql: 'SELECT id, nope FROM sales'}"));

            // When
            LeatProcess process = scenario.start(Map.of());

            // Then
            await().until(() -> !process.isAlive());
            assertThat(process.log())
                    .contains("the pipeline can't run: ")
                    .contains("views.wrong.sql: column 12: Postgres says: column \"nope\" does not exist");
        }
    }

    @Test
    void a_pipeline_that_cant_be_read_is_one_line_and_no_stack() {
        assertRefused(
                "unreadable",
                "streams:\n  sales: {topic: sales, kee: id}\n",
                "pipeline.yaml:2: streams.sales.kee: unknown; expected one of ");
    }

    @Test
    void a_pipeline_that_names_a_contract_that_isnt_there_is_one_line_and_no_stack() {
        assertRefused(
                "nocontract",
                "streams:\n  sales:\n    topic: sales\n    contract: no.avsc\nviews: {v: {log: sales}}\n",
                "pipeline.yaml:4: streams.sales.contract: there is neither a file nor a resource `no.avsc`");
    }

    private static void assertRefused(String test, String pipeline, String why) {
        try (Scenario scenario = scenario(test)) {
            // Given
            scenario.declare(pipeline);

            // When
            LeatProcess process = scenario.start(Map.of());

            // Then
            await().until(() -> !process.isAlive());
            assertThat(process.log().lines().filter(line -> line.contains("the pipeline can't run: ")))
                    .singleElement()
                    .asString()
                    .contains(why);
            assertThat(process.log()).doesNotContain("Exception").doesNotContain("\tat ");
        }
    }

    private static Scenario scenario(String test) {
        Scenario scenario = new Scenario(
                test,
                name -> "",
                name -> List.of(
                        new NewTopic(name + ".sales", 3, (short) 1), new NewTopic(name + ".dear", 1, (short) 1)));
        scenario.declare(pipeline(scenario, """
                by_shop:
                    sql: |
                      SELECT shop, count(*) AS sales, sum(cents) AS cents, count(*) FILTER (WHERE cents >= 900) AS dear
                      FROM sales GROUP BY shop
                  by_minute:
                    sql: |
                      SELECT shop, tumble('1 minute', at) AS minute, count(*) AS sales FROM sales GROUP BY shop, minute
                  dear:
                    to-topic: %s.dear
                    sql: SELECT * FROM sales WHERE cents >= 990
                """.formatted(scenario.name)));
        return scenario;
    }

    private static String pipeline(Scenario scenario, String views) {
        Path contract = scenario.folder.resolve("sale.avsc");
        try {
            Files.writeString(contract, CONTRACT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return """
                streams:
                  sales: {topic: %s.sales, contract: %s, key: id, event-time: at, lateness: 5s}
                views:
                  sales_log: {log: sales}
                  %s
                """.formatted(scenario.name, contract, views);
    }

    /**
     * Sale {@code n} is of shop {@code n % 7}. Times go back and forth by two seconds; in the middle is a gap, with which the
     * last sale is four seconds before the end of its minute: for so long the wall clock must go on for that window.
     */
    private static void send(Scenario scenario, int from, int to, Instant begin) {
        int id = Framed.register(scenario.stack, scenario.name + ".sales-value", CONTRACT);
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", scenario.stack.kafka()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int n = from; n < to; n++) {
                var sale = new GenericData.Record(SALE);
                sale.put("id", "sale-" + n);
                sale.put("shop", n % 7);
                sale.put("cents", (long) n % 1000);
                sale.put(
                        "at",
                        begin.plusMillis(n * 100L + n % 7 * 300L + (n < 3000 ? 0 : 175_000))
                                .toEpochMilli());
                producer.send(new ProducerRecord<>(
                        scenario.name + ".sales",
                        ("sale-" + n).getBytes(StandardCharsets.UTF_8),
                        Framed.bytes(id, Framed.encoded(SALE, sale))));
            }
        }
    }
}
