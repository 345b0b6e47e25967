package dev.leat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.retry.RetryConfig;
import dev.leat.stack.Deadline;
import dev.leat.stack.LocalStack;
import dev.leat.view.deadletter.DeadLetterOutboxFixture;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.outbox.OutboxTurns;
import dev.leat.view.outbox.Sent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From the outbox of a real Postgres to a real broker, through crashes and with several relays. */
class OutboxRelayTest {

    private static final SmallRyeConfig CONFIG = new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(RetryConfig.class)
            .withMapping(OutboxConfig.class)
            .build();
    private static final Map<String, Object> KAFKA =
            Map.of("bootstrap.servers", LocalStack.shared().kafka());

    private final ViewsFixture database = new ViewsFixture();
    private final String topic = "outbox-" + UUID.randomUUID();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Failures failures = new Failures(InstantSource.system());
    private final List<OutboxRelay> relays = new ArrayList<>();

    @AfterEach
    void close() throws InterruptedException {
        for (OutboxRelay relay : relays) {
            relay.stop();
            relay.onStop(null, CONFIG.getConfigMapping(RetryConfig.class));
        }
        database.close();
    }

    @Test
    void what_was_sent_before_a_crash_comes_again_with_the_same_headers() throws Exception {
        // Given a relay that dies between the broker's acknowledgement and its commit; the topic exists, because a slow
        // broker may take longer to create it than a send waits
        createTopic();
        lay(topic, 0, 3);
        KafkaSender dying = sender();
        assertThatThrownBy(() -> emitted().take(Set.of(), events -> {
                    assertThat(dying.send(events).sent().acknowledged()).hasSize(3);
                    throw new IllegalStateException("crash");
                }))
                .hasMessage("crash");
        dying.close();

        // When
        relay().start();

        // Then
        List<Map<String, String>> headers =
                consume(6).stream().map(OutboxRelayTest::headers).toList();
        assertThat(headers.subList(3, 6)).isEqualTo(headers.subList(0, 3));
        assertThat(headers.getFirst())
                .containsEntry("leat-view", "v")
                .containsEntry("leat-source-topic", "source")
                .containsEntry("leat-source-partition", "0")
                .containsEntry("leat-source-offset", "1")
                .containsEntry("leat-row", "0")
                .containsKey("leat-id");
        awaitEmpty();
    }

    @Test
    void two_relays_send_each_event_once_and_each_lane_in_order() {
        // Given a lane whose transaction has the lower ids and is committed last
        OutboxRelay one = relay();
        OutboxRelay other = relay();
        one.start();
        other.start();

        // When
        database.inTransaction(tx -> {
            tx.execute(rows(topic, 0, 1, 500));
            lay(topic, 1, 500);
            one.wake();
            other.wake();
            awaitSent(500);
            return null;
        });
        lay(topic, 0, 501, 1500);
        one.wake();
        other.wake();

        // Then
        Map<String, List<Long>> offsets = consume(2000).stream()
                .map(OutboxRelayTest::headers)
                .collect(Collectors.groupingBy(
                        h -> h.get("leat-source-partition"),
                        TreeMap::new,
                        Collectors.mapping(h -> Long.valueOf(h.get("leat-source-offset")), Collectors.toList())));
        assertThat(offsets.get("0"))
                .isEqualTo(LongStream.rangeClosed(1, 1500).boxed().toList());
        assertThat(offsets.get("1"))
                .isEqualTo(LongStream.rangeClosed(1, 500).boxed().toList());
        awaitEmpty();
    }

    @Test
    void a_topic_that_can_not_be_written_to_holds_up_no_other_and_keeps_its_events() {
        // Given
        lay("no topic", 0, 2);
        lay(topic, 0, 2);

        // When
        relay().start();

        // Then
        assertThat(consume(2))
                .extracting(r -> headers(r).get("leat-source-offset"))
                .containsExactly("1", "2");
        await().atMost(Deadline.GENEROUS).untilAsserted(() -> assertThat(
                        database.rows("SELECT topic, source_offset FROM leat.outbox ORDER BY id"))
                .containsExactly(List.of("no topic", 1L), List.of("no topic", 2L)));
        await().atMost(Deadline.GENEROUS)
                .untilAsserted(() -> assertThat(meters.counter("leat.outbox.outages", "topic", "no topic")
                                .count())
                        .isEqualTo(1));
        assertThat(failures.of(Scope.topic("no topic")))
                .extracting(Failure::cause, Failure::message)
                .containsExactly(
                        tuple(Failure.Cause.REFUSED, "Kafka doesn't take the topic's name 'no topic': name another"));

        // When nothing waits for it any more
        database.run("DELETE FROM leat.outbox");

        // Then
        await().atMost(Deadline.GENEROUS).until(() -> failures.current().isEmpty());
    }

    @Test
    void a_delete_is_sent_without_a_value_and_at_the_time_of_its_source() {
        database.run("INSERT INTO leat.outbox (view, topic, key, value, event_timestamp, row) VALUES" + " ('v', '"
                + topic + "', 'k', NULL, '2026-01-31T10:00:00Z', 0)");

        relay().start();

        ConsumerRecord<byte[], byte[]> record = consume(1).getFirst();
        assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("k");
        assertThat(record.value()).isNull();
        assertThat(record.timestamp()).isEqualTo(1_769_853_600_000L);
        assertThat(headers(record)).containsOnlyKeys("leat-view", "leat-id", "leat-row");
    }

    @Test
    void only_one_relay_has_the_turn() {
        lay(topic, 0, 1);
        List<OutboxTurns.Turn> others = new ArrayList<>();

        OutboxTurns.Turn turn = database.outboxTurns().take(Set.of(), events -> {
            others.add(database.outboxTurns().take(Set.of(), none -> Sent.NOTHING));
            return Sent.NOTHING;
        });

        assertThat(turn).isEqualTo(OutboxTurns.Turn.WORKED);
        assertThat(others).containsExactly(OutboxTurns.Turn.BUSY);
        assertThat(database.outboxTurns().take(Set.of(topic), none -> Sent.NOTHING))
                .isEqualTo(OutboxTurns.Turn.EMPTY);
        assertThat(database.outboxTurns().waiting().events()).isEqualTo(1);
    }

    private OutboxRelay relay() {
        OutboxRelay relay = new OutboxRelay(
                emitted(),
                new DeadLetterCopies(DeadLetterOutboxFixture.outbox(database.transactions()), meters),
                sender(),
                CONFIG.getConfigMapping(RetryConfig.class),
                CONFIG.getConfigMapping(OutboxConfig.class),
                meters,
                failures);
        relays.add(relay);
        return relay;
    }

    private void createTopic() throws Exception {
        try (Admin admin = Admin.create(KAFKA)) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.empty(), Optional.empty())))
                    .all()
                    .get();
        }
    }

    private EmittedEvents emitted() {
        return new EmittedEvents(database.outboxTurns(), meters);
    }

    private static KafkaSender sender() {
        return KafkaSender.of(KAFKA, Map.of());
    }

    private void lay(String to, int partition, int upTo) {
        lay(to, partition, 1, upTo);
    }

    private void lay(String to, int partition, int from, int upTo) {
        database.run(rows(to, partition, from, upTo));
    }

    /** All with one key, so that they come to one partition. */
    private static String rows(String to, int partition, int from, int upTo) {
        return ("INSERT INTO leat.outbox (view, topic, key, value, event_timestamp, source_topic, source_partition,"
                        + " source_offset, row) SELECT 'v', '%s', 'k', 'x', now(), 'source', %d, n, 0"
                        + " FROM generate_series(%d, %d) n ORDER BY n")
                .formatted(to, partition, from, upTo);
    }

    private void awaitSent(int events) {
        await().atMost(Deadline.GENEROUS)
                .until(() -> meters.counter("leat.outbox.sent", "view", "v", "topic", topic)
                                .count()
                        >= events);
    }

    private void awaitEmpty() {
        await().atMost(Deadline.GENEROUS)
                .untilAsserted(() -> assertThat(database.rows("SELECT count(*) FROM leat.outbox"))
                        .containsExactly(List.of(0L)));
    }

    private List<ConsumerRecord<byte[], byte[]>> consume(int records) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", LocalStack.shared().kafka(), "auto.offset.reset", "earliest");
        List<ConsumerRecord<byte[], byte[]>> consumed = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            await().atMost(Deadline.GENEROUS)
                    .until(() -> consumer.partitionsFor(topic).size() > 0);
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList());
            await().atMost(Deadline.GENEROUS).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(consumed::add);
                return consumed.size() >= records;
            });
            consumer.poll(Duration.ofMillis(500)).forEach(consumed::add);
        }
        assertThat(consumed).hasSize(records);
        return consumed;
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        record.headers().forEach(h -> headers.put(h.key(), new String(h.value(), StandardCharsets.UTF_8)));
        return headers;
    }
}
