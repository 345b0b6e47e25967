package dev.leat.view.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Seeds;
import dev.leat.pipeline.Stream.OnPoison;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.topic.Rejected;
import dev.leat.schema.wire.Records;
import dev.leat.view.lane.ViewsFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a record has, it can be kept as a dead letter and as a parked event, and comes back as it was. */
class AlwaysStoredTest {

    private static final String TOPIC = "hostile";
    private static final int RECORDS = 60;
    private static final long[] TIMES = {
        Long.MIN_VALUE,
        Long.MIN_VALUE / 1000,
        -210_866_803_200_001L,
        -210_866_803_200_000L,
        -210_866_803_199_999L,
        -1,
        0,
        1,
        9_224_318_015_999_999L,
        9_224_318_016_000_000L,
        Long.MAX_VALUE / 1000,
        Long.MAX_VALUE / 1000 + 1,
        Long.MAX_VALUE
    };
    private static final String[] TEXTS = {
        "",
        "a",
        "\0",
        "a\0b\0",
        "\ud800",
        "\udc00\ud800",
        "😀",
        "'; DROP TABLE leat.dead_letter; --",
        "\\u0000",
        "{\"a\": [",
        "ü".repeat(3000),
        "\ufffe\uffff",
        "\u202e\r\n\t\u0007"
    };

    private static ViewsFixture database;

    @BeforeAll
    static void open() {
        database = new ViewsFixture();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    static java.util.stream.LongStream seeds() {
        return Seeds.each();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void hostile_records_are_kept_and_come_back_as_they_were(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < RECORDS; i++) {
            requireKept(record(random, (int) (seed & 0xffff), i, TIMES[random.nextInt(TIMES.length)]), random);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -210_866_803_200_001L, -1, 9_224_318_016_000_000L, Long.MAX_VALUE})
    void a_time_that_postgres_cannot_hold_comes_back_too(long timestamp) {
        requireKept(record(new Random(1), 70_000, timestamp, timestamp), new Random(2));
    }

    @Test
    void a_long_message_is_cut_and_a_large_header_is_left_out() {
        // Given
        RecordHeaders headers = new RecordHeaders();
        headers.add("large", new byte[20_000_000]);
        headers.add("n".repeat(200_000), new byte[] {1});
        ConsumerRecord<byte[], byte[]> record =
                Records.record(TOPIC, 70_001, 1, 1, new byte[3_000_000], new byte[9_000_000], headers);

        // When
        DeadLetter letter = save(record, "m".repeat(30_000_000), List.of());

        // Then
        assertThat(letter.record().value()).hasSize(9_000_000);
        assertThat(letter.record().headers().lastHeader("large").value()).isNull();
        assertThat(
                        database.rows(
                                "SELECT length(message) < 11000 FROM leat.dead_letter WHERE partition = 70001 AND view IS NULL"))
                .isEqualTo(List.of(List.of(true)));
    }

    @Test
    void a_second_failure_is_kept_whatever_it_says() {
        DeadLetter letter =
                save(Records.record(TOPIC, 70_002, 1, 1, null, null, new RecordHeaders()), "first", List.of());

        database.inTransaction(tx -> {
            DeadLetters.saveFailureInTransaction(tx, letter.id, rejected(letter.record(), "a\0b\ud800"));
            return null;
        });

        assertThat(database.rows(
                        "SELECT message, attempts FROM leat.dead_letter WHERE partition = 70002 AND view IS NULL"))
                .isEqualTo(List.of(List.of("a\\0b\ufffd", 2)));
    }

    private static void requireKept(ConsumerRecord<byte[], byte[]> record, Random random) {
        String message = TEXTS[random.nextInt(TEXTS.length)];
        ParkedEvent parked = record.key() == null ? null : ParkedEvent.of(record, "events", null);

        DeadLetter kept = save(record, message, parked == null ? List.of() : List.of(parked));

        requireSame(record, kept);
        if (parked != null) {
            requireSame(
                    record,
                    database
                            .inTransaction(tx -> ParkedEvents.ofKeysInTransaction(
                                    tx, TOPIC, record.partition(), List.of(record.key()), 1000))
                            .stream()
                            .filter(event -> event.offset == record.offset())
                            .findFirst()
                            .orElseThrow());
        }
    }

    private static void requireSame(ConsumerRecord<byte[], byte[]> record, StoredEvent kept) {
        ConsumerRecord<byte[], byte[]> again = kept.record();
        assertThat(again.timestamp()).isEqualTo(record.timestamp());
        assertThat(again.key()).isEqualTo(record.key());
        assertThat(again.value()).isEqualTo(record.value());
        record.headers().forEach(header -> {
            if (header.key().equals("plain")) {
                assertThat(again.headers().lastHeader("plain").value()).isEqualTo(header.value());
            }
        });
    }

    private static DeadLetter save(ConsumerRecord<byte[], byte[]> record, String message, List<ParkedEvent> parked) {
        return database.inTransaction(tx -> {
            DeadLetters.saveInTransaction(
                    tx, List.of(DeadLetter.rejected(record, rejected(record, message), OnPoison.PARK, null)));
            ParkedEvents.saveInTransaction(tx, parked);
            DeadLetters.saveInTransaction(
                    tx,
                    List.of(DeadLetter.refused(
                            record, new StreamFixture("events", TOPIC).build(), "view", OnPoison.SKIP, message)));
            List<Long> ids = new ArrayList<>();
            tx.execute(
                            "SELECT id FROM leat.dead_letter WHERE partition = $1 AND view IS NULL AND \"offset\" = $2",
                            io.vertx.mutiny.sqlclient.Tuple.of(record.partition(), record.offset()))
                    .forEach(row -> ids.add(row.getLong(0)));
            return DeadLetters.openInTransaction(tx, TOPIC, record.partition(), ids, List.of())
                    .getFirst();
        });
    }

    private static Rejected rejected(ConsumerRecord<byte[], byte[]> record, String message) {
        return new Rejected(
                "events",
                record.partition(),
                record.offset(),
                record.timestamp(),
                null,
                Rejected.Reason.UNDECODABLE,
                message);
    }

    private static ConsumerRecord<byte[], byte[]> record(Random random, int partition, long offset, long timestamp) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("plain", bytes(random, 40));
        for (int i = random.nextInt(4); i > 0; i--) {
            headers.add(TEXTS[random.nextInt(TEXTS.length)], random.nextBoolean() ? null : bytes(random, 3000));
        }
        return Records.record(
                TOPIC,
                partition,
                offset,
                timestamp,
                random.nextInt(5) == 0 ? null : bytes(random, 5000),
                random.nextInt(5) == 0 ? null : bytes(random, 20_000),
                headers);
    }

    private static byte[] bytes(Random random, int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }
}
