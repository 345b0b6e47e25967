package dev.leat.endtoend;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends steps of accounts at an even pace: the same seed, the same steps. About one in twenty is sent once more, up to
 * some thousand records later, with the same id and under the same key; and a few records are broken. Kafka itself adds
 * no repeats, because the producer is idempotent. One thread.
 */
final class ChaosSteps {

    static final Path CONTRACT = Path.of("src", "test", "resources", "chaos", "Step.avsc");
    private static final int ACCOUNTS = 200;
    private static final int BROKEN = 20;
    private static final double REPEATED = 0.05;
    private static final int REPEATED_WITHIN = 3_000;
    private static final Duration OF_EVENT_TIME = Duration.ofHours(36);

    /** @param at event time, in microseconds since the epoch */
    record Step(String eventId, String account, long seq, long amount, long at) {}

    /**
     * A record that Kafka has acknowledged.
     *
     * @param step null when the record is broken
     */
    record Sent(Step step, byte[] value, int partition, long offset) {

        boolean isBroken() {
            return step == null;
        }
    }

    private record Sending(Step step, byte[] value, Future<RecordMetadata> acknowledgement) {}

    private final String kafka;
    private final String topic;
    private final int schemaId;
    private final Random random;
    private final Schema schema;
    private final List<Sending> sending = new ArrayList<>();

    ChaosSteps(String kafka, String topic, int schemaId, long seed) throws IOException {
        this.kafka = kafka;
        this.topic = topic;
        this.schemaId = schemaId;
        this.random = new Random(seed);
        this.schema = new Schema.Parser().parse(Files.readString(CONTRACT));
    }

    /**
     * Sends that many steps, and the repeats and broken records beside them; returns when Kafka has all.
     *
     * @return in the order in which they were sent, which within a key is the order in which they are
     */
    List<Sent> send(int steps, Duration within) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                kafka,
                "acks",
                "all",
                "enable.idempotence",
                true,
                "linger.ms",
                5,
                // A broker that restarts costs time, never a record.
                "delivery.timeout.ms",
                180_000,
                "max.block.ms",
                180_000);
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            sendAll(producer, steps, within);
            producer.flush();
            return acknowledged();
        }
    }

    private void sendAll(Producer<byte[], byte[]> producer, int steps, Duration within) {
        long begun = System.nanoTime();
        long firstAt = Instant.now().minus(OF_EVENT_TIME).toEpochMilli() * 1000;
        long[] seqs = new long[ACCOUNTS];
        TreeMap<Integer, List<Step>> repeats = new TreeMap<>();
        for (int i = 0; i < steps; i++) {
            LockSupport.parkNanos(begun + within.toNanos() * i / steps - System.nanoTime());
            int account = random.nextInt(ACCOUNTS);
            Step step = new Step(
                    "e" + i,
                    "a" + account,
                    seqs[account]++,
                    random.nextInt(-1_000, 1_000),
                    firstAt + OF_EVENT_TIME.toNanos() / 1000 / steps * i);
            send(producer, step);
            if (random.nextDouble() < REPEATED) {
                repeats.computeIfAbsent(i + random.nextInt(REPEATED_WITHIN), due -> new ArrayList<>())
                        .add(step);
            }
            while (!repeats.isEmpty() && repeats.firstKey() <= i) {
                repeats.pollFirstEntry().getValue().forEach(repeat -> send(producer, repeat));
            }
            if (i % (steps / BROKEN) == steps / BROKEN / 2) {
                send(producer, "a" + account, null, ("broken " + i).getBytes(StandardCharsets.UTF_8));
            }
        }
        repeats.values().forEach(due -> due.forEach(repeat -> send(producer, repeat)));
    }

    private void send(Producer<byte[], byte[]> producer, Step step) {
        send(producer, step.account(), step, Framed.bytes(schemaId, encoded(step)));
    }

    private void send(Producer<byte[], byte[]> producer, String account, Step step, byte[] value) {
        byte[] key = account.getBytes(StandardCharsets.UTF_8);
        sending.add(new Sending(step, value, producer.send(new ProducerRecord<>(topic, key, value))));
    }

    private List<Sent> acknowledged() {
        List<Sent> sent = new ArrayList<>(sending.size());
        for (Sending one : sending) {
            try {
                RecordMetadata position = one.acknowledgement().get();
                sent.add(new Sent(one.step(), one.value(), position.partition(), position.offset()));
            } catch (ExecutionException e) {
                throw new IllegalStateException("Kafka didn't take a record", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return sent;
    }

    private byte[] encoded(Step step) {
        GenericRecord record = new GenericData.Record(schema);
        record.put("event_id", step.eventId());
        record.put("account", step.account());
        record.put("seq", step.seq());
        record.put("amount", step.amount());
        record.put("at", step.at());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            var encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
