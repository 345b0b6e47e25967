package dev.leat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leat.failure.Failures;
import dev.leat.retry.RetryConfig;
import dev.leat.stack.Deadline;
import dev.leat.stack.LocalStack;
import dev.leat.view.deadletter.DeadLetterOutbox;
import dev.leat.view.deadletter.DeadLetterOutboxFixture;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.outbox.OutboxTurnsFixture;
import dev.leat.view.outbox.SetAside;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Events that Kafka can never take, among others, on their way to a real broker. */
class SetAsideTest {

    private static final SmallRyeConfig CONFIG = new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(RetryConfig.class)
            .withMapping(OutboxConfig.class)
            .build();
    private static final Map<String, Object> KAFKA =
            Map.of("bootstrap.servers", LocalStack.shared().kafka());

    private final ViewsFixture database = new ViewsFixture();
    private final SetAside aside = OutboxTurnsFixture.setAside(database.transactions());
    private final DeadLetterOutbox letters = DeadLetterOutboxFixture.outbox(database.transactions());
    private final String topic = "aside-" + UUID.randomUUID();
    private final String other = topic + "-other";
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Failures failures = new Failures(InstantSource.system());
    private final OutboxRelay relay = new OutboxRelay(
            new EmittedEvents(database.outboxTurns(), meters),
            new DeadLetterCopies(letters, meters),
            KafkaSender.of(KAFKA, Map.of()),
            CONFIG.getConfigMapping(RetryConfig.class),
            CONFIG.getConfigMapping(OutboxConfig.class),
            meters,
            failures);

    @AfterEach
    void close() throws InterruptedException {
        relay.stop();
        relay.onStop(null, CONFIG.getConfigMapping(RetryConfig.class));
        database.close();
    }

    private static final String NOW = "now()";

    /** What the topic is like, the event's key, value and timestamp as SQL, and the reason. */
    static Stream<Arguments> unsendable() {
        return Stream.of(
                Arguments.of(
                        Map.of(),
                        "'k'",
                        "'x'",
                        "'1969-12-31T23:59:59Z'",
                        "IllegalArgumentException: Invalid timestamp"),
                Arguments.of(
                        Map.of(), "'k'", "convert_to(repeat('x', 1100000), 'UTF8')", NOW, "RecordTooLargeException"),
                Arguments.of(
                        Map.of("max.message.bytes", "1000"),
                        "'k'",
                        "convert_to(repeat('x', 2000), 'UTF8')",
                        NOW,
                        "RecordTooLargeException"),
                Arguments.of(Map.of("cleanup.policy", "compact"), "NULL", "'x'", NOW, "InvalidRecordException"),
                Arguments.of(
                        Map.of("message.timestamp.after.max.ms", "1000"),
                        "'k'",
                        "'x'",
                        "now() + interval '9 days'",
                        "InvalidTimestampException"),
                Arguments.of(
                        Map.of("message.timestamp.before.max.ms", "3600000"),
                        "'k'",
                        "'x'",
                        "'2001-01-01T00:00:00Z'",
                        "InvalidTimestampException"));
    }

    @ParameterizedTest
    @MethodSource("unsendable")
    void an_event_that_can_never_be_sent_is_set_aside_and_its_neighbours_are_sent_once_in_order(
            Map<String, String> settings, String key, String value, String timestamp, String reason) throws Exception {
        // Given one that can't be sent after each ten of the same key that can, and another topic
        create(topic, settings);
        create(other, Map.of());
        for (int i = 0; i < 30; i++) {
            emit(topic, "'k'", "'" + i + "'", NOW);
            if (i % 10 == 4) {
                emit(topic, key, value, timestamp);
            }
            emit(other, "'k'", "'" + i + "'", NOW);
        }

        // When
        relay.start();

        // Then
        awaitNoneWaits();
        List<String> inOrder =
                IntStream.range(0, 30).mapToObj(Integer::toString).toList();
        assertThat(consume(topic)).isEqualTo(inOrder);
        assertThat(consume(other)).isEqualTo(inOrder);
        assertThat(aside.list(new SetAside.Filter(null, "v", topic), null, 10))
                .hasSize(3)
                .allSatisfy(event -> assertThat(event.reason()).contains(reason));
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void what_was_set_aside_is_sent_with_the_headers_that_it_would_have_had_once_its_topic_takes_it() throws Exception {
        // Given
        create(topic, Map.of("max.message.bytes", "1000"));
        emit(topic, "'k'", "convert_to(repeat('x', 2000), 'UTF8')", NOW);
        relay.start();
        awaitNoneWaits();
        SetAside.Filter which = new SetAside.Filter(null, null, topic);
        long id = aside.list(which, null, 10).getFirst().event().id();

        // When its topic takes it
        try (Admin admin = Admin.create(KAFKA)) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
        create(other, Map.of());
        database.run("UPDATE leat.outbox_set_aside SET topic = '" + other + "'");
        assertThat(aside.redrive(which)).isZero();
        assertThat(aside.redrive(new SetAside.Filter(id, null, null))).isOne();
        relay.wake();

        // Then
        awaitNoneWaits();
        assertThat(consume(other)).containsExactly("x".repeat(2000));
        assertThat(consumedHeaders(other, "leat-id")).containsExactly(Long.toString(id));
        assertThat(database.rows("SELECT count(*) FROM leat.outbox_set_aside")).containsExactly(List.of(0L));
    }

    @Test
    void what_was_set_aside_can_be_given_up() throws Exception {
        create(topic, Map.of("cleanup.policy", "compact"));
        emit(topic, "NULL", "'x'", NOW);
        relay.start();
        awaitNoneWaits();

        assertThat(aside.evict(new SetAside.Filter(null, "another", null))).isZero();
        assertThat(aside.evict(new SetAside.Filter(null, "v", null))).isOne();
        assertThat(database.rows("SELECT count(*) FROM leat.outbox_set_aside")).containsExactly(List.of(0L));
    }

    @Test
    void one_copy_of_a_dead_letter_that_can_not_be_sent_stops_no_other_and_each_is_sent_once() throws Exception {
        // Given letters for a topic and for one that can't be, and one whose record had no time
        create(topic, Map.of());
        letter(0, topic, "'2026-01-31T10:00:00Z'");
        letter(1, topic, "'1969-12-31T23:59:59.999Z'");
        letter(2, "no topic", "'2026-01-31T10:00:00Z'");
        letter(3, topic, "'2026-01-31T10:00:00Z'");

        // When
        relay.start();

        // Then
        await().atMost(Deadline.GENEROUS)
                .until(() ->
                        letters.waiting().events() == 1 && letters.waiting().setAside() == 1);
        assertThat(consumedHeaders(topic, "dead-letter-offset")).containsExactly("0", "3");
        assertThat(database.rows(
                        "SELECT \"offset\", copy_refused FROM leat.dead_letter WHERE copy_refused IS NOT NULL"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.get(0)).isEqualTo(1L);
                    assertThat(row.get(1).toString()).contains("Invalid timestamp");
                });

        // When somebody mends both
        database.run("UPDATE leat.dead_letter SET event_timestamp = '2026-01-31T10:00:00Z'");
        assertThat(letters.redrive(new DeadLetterOutbox.Copies(null, "s", topic)))
                .isOne();
        database.run("UPDATE leat.dead_letter SET copy_to = '" + topic + "'");
        relay.wake();

        // Then
        await().atMost(Deadline.GENEROUS).until(() -> letters.waiting().events() == 0);
        assertThat(consumedHeaders(topic, "dead-letter-offset")).containsExactlyInAnyOrder("0", "3", "1", "2");
    }

    @Test
    void a_copy_with_a_header_that_is_none_is_set_aside_alone() throws Exception {
        // Given
        create(topic, Map.of());
        letter(0, topic, "'2026-01-31T10:00:00Z'");
        letter(1, topic, "'2026-01-31T10:00:00Z'");
        letter(2, topic, "'2026-01-31T10:00:00Z'");
        database.run("UPDATE leat.dead_letter SET headers = '{\"trace\": \"no base64!\"}' WHERE \"offset\" = 1");

        // When
        relay.start();

        // Then
        await().atMost(Deadline.GENEROUS)
                .until(() ->
                        letters.waiting().events() == 0 && letters.waiting().setAside() == 1);
        assertThat(consumedHeaders(topic, "dead-letter-offset")).containsExactly("0", "2");
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void gauges_tell_what_waits_for_how_long_and_what_was_set_aside() throws Exception {
        // Given
        Instant now = Instant.parse("2026-01-31T10:01:00Z");
        WayOutGauges gauges = new WayOutGauges(() -> now);
        gauges.register(meters);
        EmittedEvents emitted = new EmittedEvents(database.outboxTurns(), meters);
        DeadLetterCopies copies = new DeadLetterCopies(letters, meters);
        gauges.count(emitted, copies);
        assertThat(gauges()).containsExactly(0.0, 0.0, 0.0, 0.0, 0.0, 0.0);

        // When some of each can never be sent, some have been, and some wait for a topic that nobody can write to
        create(topic, Map.of("max.message.bytes", "1000"));
        emit(topic, "'k'", "convert_to(repeat('x', 2000), 'UTF8')", NOW);
        emit(topic, "'k'", "'sent'", NOW);
        letter(0, topic, "'1969-12-31T23:59:59.999Z'");
        letter(1, topic, "'2026-01-31T10:00:00Z'");
        emit("no topic", "'k'", "'1'", NOW);
        emit("no topic", "'k'", "'2'", NOW);
        letter(2, "no topic", "'2026-01-31T10:00:00Z'");
        database.run("UPDATE leat.outbox SET created_at = '2026-01-31T10:00:00Z'");
        database.run("UPDATE leat.dead_letter SET first_attempt = '2026-01-31T10:00:30Z'");
        relay.start();
        await().atMost(Deadline.GENEROUS)
                .until(() -> emitted.waiting().setAside() == 1
                        && emitted.waiting().events() == 2
                        && letters.waiting().setAside() == 1
                        && letters.waiting().events() == 1);
        gauges.count(emitted, copies);

        // Then
        assertThat(gauges()).containsExactly(2.0, 60.0, 1.0, 1.0, 30.0, 1.0);

        // When they are given up
        aside.evict(new SetAside.Filter(null, "v", topic));
        letters.evict(new DeadLetterOutbox.Copies(null, "s", topic));
        database.run("DELETE FROM leat.outbox; UPDATE leat.dead_letter SET copy_to = NULL");
        gauges.count(emitted, copies);

        // Then
        assertThat(gauges()).containsExactly(0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    }

    private List<Double> gauges() {
        return Stream.of(
                        "outbox.waiting",
                        "outbox.oldest",
                        "outbox.aside",
                        "copies.waiting",
                        "copies.oldest",
                        "copies.aside")
                .map(name -> meters.get("leat." + name).gauge().value())
                .toList();
    }

    private static void create(String topic, Map<String, String> settings) throws Exception {
        try (Admin admin = Admin.create(KAFKA)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(settings)))
                    .all()
                    .get();
        }
    }

    private void emit(String to, String key, String value, String timestamp) {
        database.run(("INSERT INTO leat.outbox (view, topic, key, value, event_timestamp, row)"
                        + " VALUES ('v', '%s', %s, %s, %s, 0)")
                .formatted(to, key, value, timestamp));
    }

    private void letter(int offset, String to, String timestamp) {
        database.run(
                ("INSERT INTO leat.dead_letter (stream, topic, partition, \"offset\", event_timestamp, value, headers,"
                                + " reason, message, copy_to) VALUES ('s', 't', 0, %d, %s, 'x', '{}', 'NOT_FRAMED', 'm', '%s')")
                        .formatted(offset, timestamp, to));
    }

    private void awaitNoneWaits() {
        await().atMost(Deadline.GENEROUS)
                .untilAsserted(() -> assertThat(database.rows("SELECT count(*) FROM leat.outbox"))
                        .containsExactly(List.of(0L)));
    }

    private static List<String> consume(String topic) {
        return consumed(topic, null);
    }

    private static List<String> consumedHeaders(String topic, String header) {
        return consumed(topic, header);
    }

    /** All that the topic has now: values, or those of a header. */
    private static List<String> consumed(String topic, String header) {
        List<String> consumed = new ArrayList<>();
        Map<String, Object> settings = new HashMap<>(KAFKA);
        settings.put("auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> consumed.add(new String(
                                header == null
                                        ? record.value()
                                        : record.headers().lastHeader(header).value(),
                                StandardCharsets.UTF_8)));
            }
        }
        return consumed;
    }
}
