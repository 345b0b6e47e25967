package dev.leat.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leat.stack.LeatProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/**
 * What poison and the memory of event ids cost: the same backlog is taken in plain, with 200 poisonous records of five
 * kinds among it, and with {@code deduplicate:}, in turns. Prints events per second of each, and the medians' ratios.
 * Asked for:
 *
 * <pre>./mvnw verify -DskipUnitTests -Dit.test=PoisonBenchmark [-Dleat.benchmark.events=1000000] [-Dleat.benchmark.rounds=3]</pre>
 */
class PoisonBenchmark {

    private static final int EVENTS = Integer.getInteger("leat.benchmark.events", 1_000_000);
    private static final int ROUNDS = Integer.getInteger("leat.benchmark.rounds", 3);
    private static final int POISON = 200;
    private static final int PARTITIONS = 6;
    private static final Path CONTRACT = Path.of("src/test/resources/chaos/Step.avsc");

    private enum Load {
        PLAIN,
        POISONED,
        DEDUPLICATED
    }

    @Test
    void poison_and_repeats_have_their_price() throws IOException {
        List<List<Double>> rates = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < ROUNDS; round++) {
            for (Load load : Load.values()) {
                double rate = eventsPerSecond(load);
                System.err.printf("[benchmark] round %d %s: %,.0f events/s%n", round + 1, load, rate);
                rates.get(load.ordinal()).add(rate);
            }
        }
        double plain = median(rates.get(Load.PLAIN.ordinal()));
        double poisoned = median(rates.get(Load.POISONED.ordinal()));
        double deduplicated = median(rates.get(Load.DEDUPLICATED.ordinal()));
        System.err.printf(
                "[benchmark] medians of %d: plain %,.0f events/s; poisoned %,.0f (%.2f of it); deduplicated %,.0f (%.2f)%n",
                ROUNDS, plain, poisoned, poisoned / plain, deduplicated, deduplicated / plain);
        assertThat(poisoned / plain).isGreaterThanOrEqualTo(0.7);
    }

    private static double eventsPerSecond(Load load) throws IOException {
        try (Scenario scenario = new Scenario(
                "poison",
                name -> pipeline(name, load),
                name -> List.of(new NewTopic(name + ".steps", PARTITIONS, (short) 1)))) {
            LeatProcess first = scenario.start(Map.of(), List.of()).awaitReady();
            scenario.execute("ALTER TABLE views.steps_log ADD CONSTRAINT paid CHECK (amount <> -1)");
            first.terminate();
            produce(scenario, load);
            scenario.start(Map.of(), List.of());
            AtomicLong began = new AtomicLong();
            await().atMost(Duration.ofMinutes(10))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        long applied = scenario.count("SELECT sum(next_offset) FROM leat.checkpoint");
                        if (applied > 0 && began.get() == 0) {
                            began.set(System.nanoTime());
                        }
                        return applied >= EVENTS;
                    });
            double seconds = (System.nanoTime() - began.get()) / 1e9;
            int poison = load == Load.POISONED ? POISON : 0;
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isEqualTo(poison);
            assertThat(scenario.count("SELECT count(*) FROM views.steps_log")).isEqualTo(EVENTS - poison);
            if (poison > 0) {
                assertThat(scenario.rows("SELECT reason, count(*) FROM leat.dead_letter GROUP BY 1 ORDER BY 1"))
                        .containsExactly(
                                List.of("MISSING_KEY", 40L),
                                List.of("NOT_FRAMED", 40L),
                                List.of("REFUSED_BY_VIEW", 40L),
                                List.of("UNDECODABLE", 40L),
                                List.of("UNKNOWN_SCHEMA", 40L));
            }
            return EVENTS / seconds;
        }
    }

    private static String pipeline(String name, Load load) {
        return """
                streams:
                  steps:
                    topic: %s.steps
                    contract: %s
                    key: event_id
                    event-time: at
                    lake: {}%s
                views:
                  steps_latest: {latest: steps}
                  steps_log: {log: steps}
                """.formatted(
                        name,
                        CONTRACT.toAbsolutePath(),
                        load == Load.DEDUPLICATED ? "\n    deduplicate: {by: event_id, within: 7d}" : "");
    }

    private static void produce(Scenario scenario, Load load) throws IOException {
        String topic = scenario.name + ".steps";
        String avsc = Files.readString(CONTRACT);
        Schema schema = new Schema.Parser().parse(avsc);
        int id = Framed.register(scenario.stack, topic + "-value", avsc);
        GenericDatumWriter<GenericData.Record> writer = new GenericDatumWriter<>(schema);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", scenario.stack.kafka(), "linger.ms", 20, "batch.size", 200_000),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            GenericData.Record step = new GenericData.Record(schema);
            for (int i = 0; i < EVENTS; i++) {
                boolean isPoison = load == Load.POISONED && i % (EVENTS / POISON) == EVENTS / POISON / 2;
                int kind = isPoison ? i / (EVENTS / POISON) % 5 : -1;
                String event = "e" + i;
                step.put("event_id", event);
                step.put("account", "account-" + i % 1000);
                step.put("seq", (long) i);
                step.put("amount", kind == 0 ? -1L : (long) i % 100);
                step.put("at", 1_700_000_000_000_000L + i);
                out.reset();
                writer.write(step, encoder);
                byte[] record = out.toByteArray();
                byte[] value =
                        switch (kind) {
                            case 1 -> "no avro".getBytes(StandardCharsets.UTF_8);
                            case 2 -> Framed.bytes(900_000 + i, record);
                            case 3 -> Framed.bytes(id, java.util.Arrays.copyOf(record, record.length / 2));
                            default -> Framed.bytes(id, record);
                        };
                byte[] key = kind == 4 ? null : event.getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(topic, i % PARTITIONS, key, value));
            }
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
