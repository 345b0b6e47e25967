package dev.leat.view.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.pipeline.View;
import dev.leat.schema.topic.DecoderFixture;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.wire.Records;
import dev.leat.view.deadletter.ParkedKeys;
import dev.leat.view.lane.LaneBatch;
import dev.leat.view.lane.LaneParts;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.lane.apply.BatchOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Random events, of which some can't be decoded and some are refused by views that are mended and broken again; random
 * batches, restarts, redrives and evictions. In the end, with the views mended and all redriven, each view has had every
 * event of a key once, in the order of their offsets.
 */
class ParkAndRedriveTest {

    private static final String TOPIC = "topic";
    private static final String CONTRACT = """
            {"type": "record", "name": "Word", "namespace": "t",
             "fields": [{"name": "id", "type": "string"}, {"name": "word", "type": "string"}]}""";
    private static final List<String> VIEWS = List.of("one", "other");

    private final long seed = Long.getLong("leat.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Stream stream = new StreamFixture("words", TOPIC)
            .key("id")
            .onPoison(Stream.OnPoison.PARK)
            .build();
    private final Pipeline pipeline = new Pipeline(
            Map.of("words", stream),
            Map.of("one", new View.Log("one", "words"), "other", new View.Log("other", "words")));
    private final DecoderFixture contract = new DecoderFixture(stream, CONTRACT);
    private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();
    private final Map<String, List<String>> expected = new LinkedHashMap<>();

    private ViewsFixture database;
    private LaneParts views;
    private TopicDecoder decoder;
    private ParkedKeys parked;

    @BeforeEach
    void open() {
        database = new ViewsFixture();
        restart();
        views.open(TOPIC, 0, 0);
        apply(write(1, false));
        for (String view : VIEWS) {
            database.run("CREATE TABLE public.applied_" + view + " (n bigserial, id text, word text)");
            database.run("CREATE FUNCTION public.note_" + view + "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " INSERT INTO public.applied_" + view
                    + " (id, word) VALUES (NEW.id, NEW.word); RETURN NEW; END $$");
            database.run("CREATE TRIGGER note AFTER INSERT ON views." + view
                    + " FOR EACH ROW EXECUTE FUNCTION public.note_" + view + "()");
        }
        expected.clear();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @RepeatedTest(6)
    void each_view_gets_each_event_of_a_key_once_and_in_order() {
        System.err.println("-Dleat.seed=" + seed);
        // When
        for (int step = 0; step < 60; step++) {
            switch (random.nextInt(10)) {
                case 0 -> breakView(VIEWS.get(random.nextInt(2)));
                case 1 -> mendView(VIEWS.get(random.nextInt(2)));
                case 2 -> restart();
                case 3 -> redriveSome();
                case 4 -> redrive(open("true"), List.of());
                default -> apply(write(1 + random.nextInt(12), true));
            }
        }
        VIEWS.forEach(this::mendView);
        redrive(List.of(), open("view IS NULL"));
        redrive(open("true"), List.of());

        // Then
        assertThat(database.rows("SELECT * FROM leat.parked_event"))
                .describedAs("seed " + seed)
                .isEmpty();
        assertThat(open("true")).describedAs("seed " + seed).isEmpty();
        for (String view : VIEWS) {
            Map<String, List<String>> applied = new LinkedHashMap<>();
            database.rows("SELECT id, word FROM public.applied_" + view + " ORDER BY n")
                    .forEach(row -> applied.computeIfAbsent((String) row.get(0), id -> new ArrayList<>())
                            .add((String) row.get(1)));
            assertThat(applied).describedAs("view " + view + ", seed " + seed).isEqualTo(expected);
        }
        assertThat(views.checkpoint(TOPIC, 0)).isEqualTo(log.size());
    }

    private void restart() {
        views = database.views(pipeline);
        decoder = contract.decoder();
        parked = null;
    }

    /** Events of five keys; a word with a {@code !} is refused by a view that is broken. */
    private List<ConsumerRecord<byte[], byte[]>> write(int count, boolean poison) {
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = Character.toString('a' + random.nextInt(5));
            String word = log.size() + (random.nextInt(6) == 0 ? "!" : "");
            boolean broken = poison && random.nextInt(20) == 0;
            byte[] value = broken ? word.getBytes(StandardCharsets.UTF_8) : contract.framed(id, word);
            if (broken) {

            } else {
                expected.computeIfAbsent(id, k -> new ArrayList<>()).add(word);
            }
            ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                    TOPIC,
                    0,
                    log.size(),
                    1_700_000_000_000L,
                    TimestampType.CREATE_TIME,
                    1,
                    value.length,
                    id.getBytes(StandardCharsets.UTF_8),
                    value,
                    new RecordHeaders(),
                    Optional.empty());
            log.add(record);
            batch.add(record);
        }
        return batch;
    }

    private void apply(List<ConsumerRecord<byte[], byte[]>> batch) {
        Records records = Records.of(batch);
        while (true) {
            if (parked == null) {
                parked = views.parkedKeys(TOPIC, 0);
            }
            BatchOutcome outcome = views.outcome(new LaneBatch(
                    TOPIC, 0, records.offset(0), records.next(), records, decoder.decode(0, records), parked));
            if (outcome instanceof BatchOutcome.Applied applied) {
                parked = applied.parkedKeys();
                return;
            }
            assertThat(outcome).isEqualTo(new BatchOutcome.ParkedKeysStale());
            parked = null;
        }
    }

    private void breakView(String view) {
        mendView(view);
        database.run("ALTER TABLE views." + view + " ADD CONSTRAINT calm CHECK (word NOT LIKE '%!') NOT VALID");
    }

    private void mendView(String view) {
        database.run("ALTER TABLE views." + view + " DROP CONSTRAINT IF EXISTS calm");
    }

    private void redriveSome() {
        List<Long> some =
                open("true").stream().filter(id -> random.nextBoolean()).toList();
        redrive(some, List.of());
    }

    private void redrive(List<Long> letters, List<Long> evicted) {
        database.redrive(pipeline, contract.decoder(), TOPIC, 0, letters, evicted);
    }

    private List<Long> open(String condition) {
        return database
                .rows("SELECT id FROM leat.dead_letter WHERE resolution IS NULL AND " + condition
                        + " ORDER BY \"offset\"")
                .stream()
                .map(row -> (Long) row.getFirst())
                .toList();
    }
}
