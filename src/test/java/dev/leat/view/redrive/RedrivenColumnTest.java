package dev.leat.view.redrive;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Pipeline;
import dev.leat.schema.topic.DecoderFixture;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.wire.Records;
import dev.leat.view.deadletter.ParkedKeys;
import dev.leat.view.lane.LaneBatch;
import dev.leat.view.lane.LaneParts;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.lane.apply.BatchOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A dead letter that brings a column when it is redriven, while lanes of two instances are at work on the same views. */
class RedrivenColumnTest {

    private static final String TOPIC = "t.words";
    private static final int YOUNGER = 8;
    private static final String CONTRACT = """
            {"type": "record", "name": "Word", "namespace": "t",
             "fields": [{"name": "id", "type": "string"}, {"name": "word", "type": "string"}]}""";
    private static final String WITH_LANGUAGE = """
            {"type": "record", "name": "Word", "namespace": "t",
             "fields": [{"name": "id", "type": "string"}, {"name": "word", "type": "string"},
                        {"name": "language", "type": ["null", "string"], "default": null}]}""";
    private static final int PATIENCE_SECONDS = 60;

    private final Pipeline pipeline = SqlFixture.read("""
            streams:
              words: {topic: t.words, key: id, on-poison: park}
            views:
              every: {log: words}
              last: {latest: words}
              past: {history: words}
              counted: {sql: 'SELECT word, count(*) AS n FROM words GROUP BY word'}
            """);
    private final DecoderFixture contract = new DecoderFixture(pipeline.stream("words"), CONTRACT);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private ViewsFixture database;

    @BeforeEach
    void open() {
        database = new ViewsFixture();
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        database.close();
    }

    @Test
    void its_column_appears_and_is_filled_while_lanes_of_two_instances_lose_nothing() throws Exception {
        // Given
        ViewsFixture.Instance here = database.instance(pipeline);
        Supplier<TopicDecoder> decoders = contract.instance();
        Lane withLetter = new Lane(here.views(), decoders.get(), 0);
        Lane beside = new Lane(here.views(), decoders.get(), 1);
        Lane elsewhere = new Lane(database.instance(pipeline).views(), contract.decoder(), 2);
        withLetter.apply(withLetter.word("before"));
        withLetter.apply(withLetter.value("k", DecoderFixture.framedAs(YOUNGER, WITH_LANGUAGE, "k", "mot", "fr")));
        withLetter.apply(withLetter.value("k", contract.framed("k", "behind")));
        List<Long> letters = openLetters();
        contract.register(YOUNGER, WITH_LANGUAGE);

        // When
        CountDownLatch underway = new CountDownLatch(3);
        CompletableFuture<RedriveOutcome> redriven = CompletableFuture.supplyAsync(
                () -> {
                    await(underway);
                    return here.redrive(decoders, TOPIC, 0, letters, List.of());
                },
                threads);
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (Lane lane : List.of(withLetter, beside, elsewhere)) {
            running.add(CompletableFuture.runAsync(() -> lane.runUntil(redriven::isDone, underway), threads));
        }
        RedriveOutcome outcome = redriven.get(PATIENCE_SECONDS, SECONDS);
        for (CompletableFuture<Void> lane : running) {
            lane.get(PATIENCE_SECONDS, SECONDS);
        }
        elsewhere.apply(elsewhere.value("l", DecoderFixture.framedAs(YOUNGER, WITH_LANGUAGE, "l", "wort", "de")));

        // Then
        assertThat(letters).hasSize(1);
        assertThat(outcome).isEqualTo(new RedriveOutcome(1, 0, 0, 0, 1, 0));
        assertThat(database.rows("SELECT word, language FROM views.every WHERE id IN ('k', 'l') ORDER BY id, _offset"))
                .containsExactly(List.of("mot", "fr"), row("behind", null), List.of("wort", "de"));
        assertThat(database.rows("SELECT id, word, language FROM views.last WHERE id IN ('k', 'l') ORDER BY id"))
                .containsExactly(row("k", "behind", null), List.of("l", "wort", "de"));
        assertThat(database.rows("SELECT word, language FROM views.past WHERE id = 'k' ORDER BY _offset"))
                .containsExactly(List.of("mot", "fr"), row("behind", null));
        for (Lane lane : List.of(withLetter, beside, elsewhere)) {
            assertThat(database.rows("SELECT _offset FROM views.every WHERE _partition = " + lane.partition
                            + " ORDER BY _offset"))
                    .containsExactlyElementsOf(lane.offsets());
            assertThat(lane.views.checkpoint(TOPIC, lane.partition)).isEqualTo(lane.next);
        }
        assertThat(database.rows("SELECT sum(n)::bigint FROM views.counted"))
                .containsExactly(List.of(withLetter.next + beside.next + elsewhere.next));
        assertThat(openLetters()).isEmpty();
        assertThat(database.rows("SELECT * FROM leat.parked_event")).isEmpty();
    }

    private List<Long> openLetters() {
        return database.rows("SELECT id FROM leat.dead_letter WHERE resolution IS NULL").stream()
                .map(row -> (Long) row.getFirst())
                .toList();
    }

    private static List<Object> row(Object... values) {
        return Arrays.asList(values);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE_SECONDS, SECONDS)) {
                throw new IllegalStateException("the lanes don't come underway");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A lane as an instance has it; what it writes is applied at once. Its thread only, until that has ended. */
    private final class Lane {

        private static final int AT_LEAST = 20;

        private final LaneParts views;
        private final TopicDecoder decoder;
        private final int partition;
        private long next;
        private ParkedKeys parked;

        Lane(LaneParts views, TopicDecoder decoder, int partition) {
            this.views = views;
            this.decoder = decoder;
            this.partition = partition;
            this.next = views.open(TOPIC, partition, 0);
        }

        void runUntil(BooleanSupplier end, CountDownLatch underway) {
            for (int i = 0; i < AT_LEAST || !end.getAsBoolean(); i++) {
                apply(word("while"));
                if (i == 2) {
                    underway.countDown();
                }
            }
        }

        ConsumerRecord<byte[], byte[]> word(String word) {
            String id = partition + "-" + next;
            return value(id, contract.framed(id, word));
        }

        ConsumerRecord<byte[], byte[]> value(String id, byte[] value) {
            return new ConsumerRecord<>(
                    TOPIC,
                    partition,
                    next,
                    1_700_000_000_000L + next,
                    TimestampType.CREATE_TIME,
                    1,
                    value.length,
                    id.getBytes(StandardCharsets.UTF_8),
                    value,
                    new RecordHeaders(),
                    Optional.empty());
        }

        void apply(ConsumerRecord<byte[], byte[]> record) {
            Records records = Records.of(List.of(record));
            while (true) {
                if (parked == null) {
                    parked = views.parkedKeys(TOPIC, partition);
                }
                BatchOutcome outcome = views.outcome(new LaneBatch(
                        TOPIC, partition, next, next + 1, records, decoder.decode(partition, records), parked));
                if (outcome instanceof BatchOutcome.Applied applied) {
                    parked = applied.parkedKeys();
                    next++;
                    return;
                }
                assertThat(outcome).isEqualTo(new BatchOutcome.ParkedKeysStale());
                parked = null;
            }
        }

        List<List<Object>> offsets() {
            List<List<Object>> offsets = new ArrayList<>();
            for (long offset = 0; offset < next; offset++) {
                offsets.add(List.of(offset));
            }
            return offsets;
        }
    }
}
