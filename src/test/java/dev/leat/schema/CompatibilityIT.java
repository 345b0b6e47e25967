package dev.leat.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineFiles;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.Compatibility;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.contract.SchemaHistory;
import dev.leat.schema.names.NameStore;
import dev.leat.schema.registry.ApicurioSchemaRegistry;
import dev.leat.schema.registry.RefusedVersion;
import dev.leat.schema.registry.RegistryAt;
import dev.leat.schema.registry.RegistryConfig;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.schema.registry.SchemaRegistry;
import dev.leat.schema.registry.Subject;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnRows;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.wire.Records;
import dev.leat.stack.LocalStack;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Which change of a contract each rule allows, against the real registry: as a producer sees it that registers through
 * the Confluent-compatible API, and as Leat says it at start.
 */
class CompatibilityIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final String ID = "{\"name\": \"id\", \"type\": \"string\"}";
    private static final String REQUIRED = "{\"name\": \"x\", \"type\": \"string\"}";
    private static final String OPTIONAL = "{\"name\": \"x\", \"type\": [\"null\", \"string\"], \"default\": null}";
    private static final String DEFAULTED = "{\"name\": \"x\", \"type\": \"string\", \"default\": \"\"}";
    private static final String X_AS_LONG = "{\"name\": \"x\", \"type\": [\"null\", \"long\"], \"default\": null}";
    private static final String X_AS_INT_OR_STRING =
            "{\"name\": \"x\", \"type\": [\"null\", \"string\", \"int\"], \"default\": null}";

    private static Vertx vertx;

    private final LocalStack stack = LocalStack.shared();

    @TempDir
    Path folder;

    /** Which fields the versions have beside the id; the last one is the one that is tried. */
    private enum Change {
        ADD_OPTIONAL(word(), word(OPTIONAL)),
        ADD_REQUIRED(word(), word(REQUIRED)),
        DELETE_OPTIONAL(word(OPTIONAL), word()),
        DELETE_REQUIRED(word(REQUIRED), word()),
        /** What each neighbour allows, and the first and the last don't: x was a text, isn't there, is a number. */
        RETYPE_IN_TWO_STEPS(word(OPTIONAL), word(), word(X_AS_LONG)),
        /** What the first version lacks altogether, the second writes always, and the last demands. */
        REQUIRE_IN_TWO_STEPS(word(), word(DEFAULTED), word(REQUIRED)),
        /** What the first version demands, the second can do without, and the last hasn't. */
        DELETE_IN_TWO_STEPS(word(REQUIRED), word(DEFAULTED), word());

        final List<String> versions;

        Change(String... versions) {
            this.versions = List.of(versions);
        }

        String last() {
            return versions.getLast();
        }
    }

    @BeforeAll
    static void begin() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void end() {
        vertx.close();
    }

    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
            rule,                ADD_OPTIONAL, ADD_REQUIRED, DELETE_OPTIONAL, DELETE_REQUIRED, RETYPE, REQUIRE, DELETE
            BACKWARD,            yes,          no,           yes,             yes,             yes,    yes,     yes
            BACKWARD_TRANSITIVE, yes,          no,           yes,             yes,             no,     no,      yes
            FORWARD,             yes,          yes,          yes,             no,              yes,    yes,     yes
            FORWARD_TRANSITIVE,  yes,          yes,          yes,             no,              no,     yes,     no
            FULL,                yes,          no,           yes,             no,              yes,    yes,     yes
            FULL_TRANSITIVE,     yes,          no,           yes,             no,              no,     no,      no
            NONE,                yes,          yes,          yes,             yes,             yes,    yes,     yes
            """)
    void each_rule_allows_what_it_promises(
            Compatibility rule,
            String addOptional,
            String addRequired,
            String deleteOptional,
            String deleteRequired,
            String retype,
            String require,
            String delete)
            throws Exception {
        List<String> expected =
                List.of(addOptional, addRequired, deleteOptional, deleteRequired, retype, require, delete);
        for (Change change : Change.values()) {
            String what = change + " under " + rule;
            String topic = topicWithAllButTheLast(rule, change);
            if (expected.get(change.ordinal()).equals("yes")) {
                assertThat(produce(topic, change.last()).statusCode()).as(what).isEqualTo(200);
                contracts(topic, rule, change.last()).settle();
            } else {
                assertRefused(topic, rule, change.last(), what);
            }
        }
    }

    private void assertRefused(String topic, Compatibility rule, String avsc, String what) throws Exception {
        HttpResponse<String> answer = produce(topic, avsc);
        assertThat(answer.statusCode()).as(what).isEqualTo(409);
        assertThat(JSON.readTree(answer.body()).get("message").asText())
                .as(what)
                .contains("Incompatible artifact: " + topic + "-value", "x");

        assertThatThrownBy(() -> contracts(topic, rule, avsc).settle())
                .as(what)
                .isInstanceOf(ContractException.class)
                .hasMessageStartingWith(
                        folder.resolve("pipeline.yaml") + ":2: streams.words.contract: the registry refuses " + folder)
                .hasMessageContaining("as the next version of subject " + topic + "-value under rule " + rule
                        + ": Incompatible artifact: " + topic + "-value");
    }

    @Test
    void a_refusal_says_stream_subject_rule_reason_and_what_changed() throws Exception {
        String topic = topicWithAllButTheLast(Compatibility.BACKWARD, Change.ADD_REQUIRED);

        assertThatThrownBy(() -> contracts(topic, Compatibility.BACKWARD, Change.ADD_REQUIRED.last())
                        .settle())
                .isInstanceOf(ContractException.class)
                .hasMessage(folder.resolve("pipeline.yaml") + ":2: streams.words.contract: the registry refuses "
                        + avsc() + " as the next version of subject "
                        + topic + "-value under rule BACKWARD: Incompatible artifact: " + topic
                        + "-value [AVRO], num of incompatible diffs: {1}, list of diff types: [x at /fields/1];"
                        + " against the newest version, field x was added, required; change the contract so that it"
                        + " fits the rule, or set `compatibility:` of the stream");
    }

    @Test
    void a_rule_that_is_changed_in_the_pipeline_counts_for_the_version_that_comes_with_it() throws Exception {
        String topic = topicWithAllButTheLast(Compatibility.FULL, Change.ADD_REQUIRED);

        contracts(topic, Compatibility.FORWARD, Change.ADD_REQUIRED.last()).settle();

        assertThat(registry().subject(topic + "-value").orElseThrow().compatibility())
                .contains("FORWARD");
        String withoutIt = word("{\"name\": \"y\", \"type\": \"int\"}");
        assertThat(produce(topic, withoutIt).statusCode()).isEqualTo(409);
    }

    @ParameterizedTest
    @EnumSource(Compatibility.class)
    void a_text_that_is_no_schema_is_refused_under_every_rule(Compatibility rule) throws Exception {
        String topic = topicWithAllButTheLast(rule, Change.ADD_OPTIONAL);
        String broken =
                "{\"type\": \"record\", \"name\": \"Word\", \"fields\": [{\"name\": \"id\", \"type\": \"nope\"}]}";

        assertThat(produce(topic, broken).statusCode()).isEqualTo(422);

        assertThat(rules(topic)).isEqualTo(Map.of("COMPATIBILITY", rule.name(), "VALIDITY", "FULL"));
        assertThatThrownBy(() -> registry().register(topic + "-value", broken, rule))
                .isInstanceOf(RefusedVersion.class)
                .hasMessageContaining(topic + "-value");
        assertThatThrownBy(() -> contracts(topic, rule, broken).settle())
                .isInstanceOf(ContractException.class)
                .hasMessageStartingWith(folder.resolve("pipeline.yaml") + ":2: streams.words.contract: " + avsc()
                        + " is no Avro schema: ");
    }

    @Test
    void a_contract_that_is_a_version_already_may_come_again() throws Exception {
        String topic = topicWithAllButTheLast(Compatibility.BACKWARD, Change.DELETE_IN_TWO_STEPS);

        contracts(topic, Compatibility.BACKWARD, Change.DELETE_IN_TWO_STEPS.versions.getFirst())
                .settle();

        assertThat(registry().subject(topic + "-value").orElseThrow().versions())
                .hasSize(2);
    }

    @Test
    void a_check_says_what_would_be_and_changes_nothing() throws Exception {
        String topic = topicWithAllButTheLast(Compatibility.BACKWARD, Change.ADD_REQUIRED);

        ContractCheck.Checked refused =
                contracts(topic, Compatibility.NONE, word(REQUIRED)).check().getFirst();
        ContractCheck.Checked taken =
                contracts(topic, Compatibility.NONE, word(OPTIONAL)).check().getFirst();

        assertThat(refused.changes()).containsExactly("field x was added, required");
        assertThat(refused.refusal())
                .hasValueSatisfying(reason -> assertThat(reason).contains("Incompatible artifact"));
        assertThat(taken.changes()).containsExactly("field x was added, optional, default null");
        assertThat(taken.refusal()).isEmpty();
        Subject subject = registry().subject(topic + "-value").orElseThrow();
        assertThat(subject.versions()).hasSize(1);
        assertThat(subject.compatibility()).contains("BACKWARD");
    }

    @Test
    void a_check_refuses_what_the_registry_would_take_and_a_column_could_not_hold() throws Exception {
        String topic = topicWithAllButTheLast(Compatibility.NONE, Change.DELETE_OPTIONAL);

        ContractCheck.Checked refused =
                contracts(topic, Compatibility.NONE, word(X_AS_LONG)).check().getFirst();

        assertThat(refused.refusal())
                .contains("its events would become dead letters: field x is bigint, but its column is text and can't"
                        + " hold it");
    }

    @Test
    void a_contract_that_columns_of_views_can_not_hold_is_not_registered() throws Exception {
        String topic = topicWithAllButTheLast(Compatibility.NONE, Change.DELETE_OPTIONAL);
        Files.writeString(avsc(), word(X_AS_LONG));
        Contracts contracts = new Contracts(
                pipeline(topic, Compatibility.NONE),
                config(),
                vertx,
                stream -> List.of(
                        ColumnRows.column("id", ColumnType.Kind.STRING),
                        ColumnRows.column("x", ColumnType.Kind.STRING)),
                NameStore.inMemory());

        assertThatThrownBy(contracts::settle)
                .isInstanceOf(ContractException.class)
                .hasMessageEndingWith(" is unfit: field x is bigint, but its column is text and can't hold it");
        assertThat(registry().subject(topic + "-value").orElseThrow().versions())
                .hasSize(1);
    }

    @Test
    void a_stream_whose_records_are_another_ones_is_refused() throws Exception {
        String topic = topic();
        Files.writeString(avsc(), word());
        Path same = Files.writeString(folder.resolve("same.avsc"), word());
        Pipeline twice = PipelineFiles.read(
                Files.writeString(folder.resolve("pipeline.yaml"), """
                streams:
                  words: {topic: %s, contract: %s}
                  again: {topic: %s, contract: %s}
                """.formatted(topic, avsc(), topic, same))
                        .toString());
        Contracts contracts = new Contracts(twice, config(), vertx, stream -> List.of(), NameStore.inMemory());

        contracts.settle(twice.stream("words"));

        assertThatThrownBy(() -> contracts.settle(twice.stream("again")))
                .isInstanceOf(ContractException.class)
                .hasMessageStartingWith(
                        folder.resolve("pipeline.yaml")
                                + ":3: streams.again: stream `words` of the same topic has the record type dev.leat.words.Word too");
    }

    @Test
    void the_history_tells_what_each_version_brought() throws Exception {
        String topic = topicWithAllButTheLast(Compatibility.BACKWARD, Change.DELETE_IN_TWO_STEPS);
        produce(topic, word(X_AS_INT_OR_STRING, "{\"name\": \"y\", \"type\": \"int\", \"default\": 0}"));
        Contracts contracts = contracts(topic, Compatibility.BACKWARD, word());
        Stream stream = pipeline(topic, Compatibility.BACKWARD).stream("words");

        SchemaHistory history = contracts.history(stream);

        assertThat(history.rule()).isEqualTo("BACKWARD");
        assertThat(history.subject()).isEqualTo(topic + "-value");
        assertThat(history.versions())
                .extracting(SchemaHistory.Version::version)
                .containsExactly("1", "2", "3");
        assertThat(history.versions())
                .extracting(SchemaHistory.Version::columns)
                .containsExactly(List.of("id", "x"), List.of(), List.of("y"));
        assertThat(history.versions())
                .extracting(SchemaHistory.Version::changes)
                .containsExactly(
                        List.of(),
                        List.of("x has a default now, \"\""),
                        List.of(
                                "type of x: string -> string or int or null",
                                "default of x: \"\" -> null",
                                "field y was added, never null, default 0"));
        assertThat(history.versions())
                .extracting(SchemaHistory.Version::problem)
                .containsOnlyNulls();
    }

    @Test
    void a_subject_that_the_registry_does_not_know_has_no_history() throws Exception {
        String topic = topic();

        SchemaHistory history = contracts(topic, Compatibility.NONE, word())
                .history(pipeline(topic, Compatibility.NONE).stream("words"));

        assertThat(history).isEqualTo(new SchemaHistory("words", topic + "-value", null, List.of()));
    }

    @Test
    void a_stream_that_is_given_columns_of_other_instances_knows_what_stands_in_them_by_default() throws Exception {
        // Given
        String topic = topic();
        Contracts contracts = contracts(topic, Compatibility.BACKWARD, word());
        contracts.settle();
        Stream stream = pipeline(topic, Compatibility.BACKWARD).stream("words");
        produce(topic, word("{\"name\": \"n\", \"type\": \"int\", \"default\": 7}"));

        // When
        contracts.widen(
                stream,
                List.of(
                        ColumnRows.column("n", ColumnType.Kind.INT),
                        ColumnRows.column("elsewhere", ColumnType.Kind.STRING)));

        // Then
        long old = registry()
                .subject(topic + "-value")
                .orElseThrow()
                .versions()
                .getFirst()
                .contentId();
        byte[] value = ByteBuffer.allocate(7)
                .put((byte) 0)
                .putInt((int) old)
                .put((byte) 2)
                .put((byte) 'a')
                .array();
        Rows rows = contracts
                .decoder(topic)
                .decode(0, Records.of(List.of(new ConsumerRecord<>(topic, 0, 0, null, value))))
                .rows()
                .getFirst();
        assertThat(rows.shape().columns()).extracting(Column::name).containsExactly("id", "n", "elsewhere");
        assertThat(rows.vector("n").longAt(0)).isEqualTo(7);
        assertThat(rows.vector("elsewhere").isNull(0)).isTrue();
    }

    @Test
    void while_the_registry_is_away_there_is_no_answer_rather_than_a_wrong_one() throws Exception {
        Contracts contracts = new Contracts(
                pipeline(topic(), Compatibility.NONE),
                new RegistryAt("http://127.0.0.1:1/apis/registry/v3"),
                vertx,
                stream -> List.of(),
                NameStore.inMemory());

        Files.writeString(avsc(), word());
        assertThatThrownBy(contracts::check)
                .isInstanceOf(RegistryOutage.class)
                .hasMessageStartingWith("registry http://127.0.0.1:1/apis/registry/v3 doesn't answer");
    }

    /** A topic whose subject Leat has registered with this rule, and with all versions of the change but the last. */
    private String topicWithAllButTheLast(Compatibility rule, Change change) throws IOException {
        String topic = topic();
        List<String> before = change.versions.subList(0, change.versions.size() - 1);
        for (String version : before) {
            // Versions before the last are given, whatever the rule says of them.
            contracts(topic, Compatibility.NONE, version).settle();
        }
        contracts(topic, rule, before.getLast()).settle();
        return topic;
    }

    private static String topic() {
        return "compatibility-" + ProcessHandle.current().pid() + "-" + TOPICS.incrementAndGet();
    }

    private static String word(String... fields) {
        return "{\"type\": \"record\", \"name\": \"Word\", \"namespace\": \"dev.leat.words\", \"fields\": ["
                + String.join(
                        ", ",
                        java.util.stream.Stream.concat(
                                        java.util.stream.Stream.of(ID), java.util.stream.Stream.of(fields))
                                .toList())
                + "]}";
    }

    private Path avsc() {
        return folder.resolve("word.avsc");
    }

    private Contracts contracts(String topic, Compatibility rule, String avsc) throws IOException {
        Files.writeString(avsc(), avsc);
        return new Contracts(pipeline(topic, rule), config(), vertx, stream -> List.of(), NameStore.inMemory());
    }

    private Pipeline pipeline(String topic, Compatibility rule) throws IOException {
        return PipelineFiles.read(Files.writeString(folder.resolve("pipeline.yaml"), """
                streams:
                  words: {topic: %s, contract: %s, compatibility: %s}
                """.formatted(
                                topic, avsc(), rule.name().toLowerCase(Locale.ROOT)))
                .toString());
    }

    private SchemaRegistry registry() {
        return new ApicurioSchemaRegistry(config(), vertx);
    }

    private RegistryConfig config() {
        return new RegistryAt(stack.registryApi());
    }

    /** As a Confluent serializer registers. */
    private HttpResponse<String> produce(String topic, String avsc) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(
                                URI.create(stack.registry() + "/apis/ccompat/v7/subjects/" + topic + "-value/versions"))
                        .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                        .timeout(Duration.ofSeconds(20))
                        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(Map.of("schema", avsc))))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private Map<String, String> rules(String topic) throws IOException, InterruptedException {
        return Map.of(
                "COMPATIBILITY", rule(topic, "COMPATIBILITY"),
                "VALIDITY", rule(topic, "VALIDITY"));
    }

    private String rule(String topic, String type) throws IOException, InterruptedException {
        JsonNode rule = JSON.readTree(HTTP.send(
                        HttpRequest.newBuilder(URI.create(stack.registryApi() + "/groups/default/artifacts/" + topic
                                        + "-value/rules/" + type))
                                .timeout(Duration.ofSeconds(20))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
        return rule.get("config").asText();
    }
}
