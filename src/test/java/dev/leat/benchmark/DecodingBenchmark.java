package dev.leat.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.topic.DecoderFixture;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Vector;
import dev.leat.schema.wire.Records;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/**
 * How fast taxi rides become columns, against Avro's GenericDatumReader on the same bytes in the same run. Run
 * when asked for: all take turns, and the medians of the rounds are printed. Counted is the thread's own processor time, which
 * what else the machine does changes little.
 *
 * <p>Avro's reader is given what helps it: one decoder for all events, one record that is filled again and again, as its
 * documentation advises, texts left as UTF-8, no framing to look at. Ours does the whole of a lane's work: framing, schema
 * look-up, checks of key and event time, and columns that last; so Avro's is measured as well where its records last.
 * Records come packed, as to a lane; what the polling thread does for that is in a line of its own. Texts are UTF-8 in our
 * columns too, until somebody asks for a string; in a line of its own, every one is asked for.
 */
class DecodingBenchmark {

    private static final int BATCH = 10_000;
    private static final int ROUNDS = 60;
    private static final int BATCHES_A_ROUND = 5;
    private static final int FRAMING = 5;
    private static final Stream STREAM = new StreamFixture("rides", "topic")
            .key("ride_id")
            .eventTime("pickup_at")
            .build();

    private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

    private final Schema schema;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final Records packed;
    private final TopicDecoder ours;
    private final GenericDatumReader<GenericRecord> avros;
    private final GenericDatumReader<GenericRecord> classic;
    private BinaryDecoder decoder;
    private long checksum; // of what was read, so that no reader can be left out as useless

    DecodingBenchmark() {
        String avsc = contract();
        DecoderFixture fixture = new DecoderFixture(STREAM, avsc);
        this.schema = new Schema.Parser().parse(avsc);
        this.ours = fixture.decoder();
        this.avros = reader(true);
        this.classic = reader(false);
        Random random = new Random(42);
        for (int i = 0; i < BATCH; i++) {
            byte[] key = String.valueOf(i).getBytes(StandardCharsets.UTF_8);
            records.add(new ConsumerRecord<>("topic", 0, i, key, fixture.framed(ride(random))));
        }
        this.packed = Records.of(records);
    }

    @Test
    void events_a_second_as_columns_and_as_records_of_avros() {
        assertThat(measure()).isPositive();
    }

    private double measure() {
        Map<String, Runnable> contenders = new LinkedHashMap<>();
        contenders.put("TopicDecoder, to columns", this::decode);
        contenders.put("  and packed before", this::packAndDecode);
        contenders.put("  and all texts to strings", this::decodeToStrings);
        contenders.put("GenericDatumReader, one record", () -> readWithAvro(avros));
        contenders.put("  a record for each event", () -> holdWithAvro(avros));
        contenders.put("  without Avro's fast reader", () -> readWithAvro(classic));
        Map<String, List<Double>> measured = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            contenders.forEach((name, batch) ->
                    measured.computeIfAbsent(name, n -> new ArrayList<>()).add(eventsPerSecond(batch)));
        }
        double ours = median(measured.get("TopicDecoder, to columns"));
        measured.forEach((name, rounds) -> System.out.printf(
                "%-32s %,12.0f events/s, columns %.2f times as fast%n", name, median(rounds), ours / median(rounds)));
        System.out.printf("(checksum %d)%n", checksum);
        return ours;
    }

    private static double eventsPerSecond(Runnable batch) {
        long begin = THREAD.getCurrentThreadCpuTime();
        for (int i = 0; i < BATCHES_A_ROUND; i++) {
            batch.run();
        }
        return BATCHES_A_ROUND * BATCH * 1e9 / (THREAD.getCurrentThreadCpuTime() - begin);
    }

    /** Of the last three quarters: by then both are compiled. */
    private static double median(List<Double> rounds) {
        List<Double> warm = rounds.subList(rounds.size() / 4, rounds.size());
        return warm.stream().sorted().skip(warm.size() / 2).findFirst().orElseThrow();
    }

    private Rows decode() {
        return decode(packed);
    }

    private void packAndDecode() {
        decode(Records.of(records));
    }

    private Rows decode(Records run) {
        Decoded decoded = ours.decode(0, run);
        if (!decoded.rejected().isEmpty()) {
            throw new IllegalStateException(decoded.rejected().getFirst().message());
        }
        Rows rows = decoded.rows().getFirst();
        checksum += rows.vector("vendor_id").longAt(BATCH - 1);
        return rows;
    }

    private void decodeToStrings() {
        Rows rows = decode();
        for (Column column : rows.shape().columns()) {
            if (column.type().kind() == ColumnType.Kind.STRING) {
                Vector texts = rows.vector(column.name());
                for (int row = 0; row < BATCH; row++) {
                    checksum += texts.isNull(row) ? 0 : ((String) texts.objectAt(row)).length();
                }
            }
        }
    }

    private void readWithAvro(GenericDatumReader<GenericRecord> reader) {
        GenericRecord record = null;
        for (int i = 0; i < BATCH; i++) {
            record = read(reader, record, records.get(i));
        }
        checksum += (Integer) record.get(1);
    }

    private void holdWithAvro(GenericDatumReader<GenericRecord> reader) {
        GenericRecord[] batch = new GenericRecord[BATCH];
        for (int i = 0; i < BATCH; i++) {
            batch[i] = read(reader, null, records.get(i));
        }
        checksum += (Integer) batch[BATCH - 1].get(1);
    }

    private GenericRecord read(
            GenericDatumReader<GenericRecord> reader, GenericRecord reuse, ConsumerRecord<byte[], byte[]> record) {
        try {
            decoder = DecoderFactory.get()
                    .binaryDecoder(record.value(), FRAMING, record.value().length - FRAMING, decoder);
            return reader.read(reuse, decoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private GenericDatumReader<GenericRecord> reader(boolean fast) {
        GenericData data = new GenericData();
        data.setFastReaderEnabled(fast);
        return new GenericDatumReader<>(schema, schema, data);
    }

    private Object[] ride(Random random) {
        return schema.getFields().stream().map(field -> value(field, random)).toArray();
    }

    /** Of an optional field, one in ten is missing. */
    private static Object value(Schema.Field field, Random random) {
        Schema type = field.schema();
        if (type.getType() == Schema.Type.UNION) {
            if (random.nextInt(10) == 0) {
                return null;
            }
            type = type.getTypes().get(1);
        }
        return switch (type.getType()) {
            case STRING ->
                field.name().equals("ride_id") ? new UUID(random.nextLong(), random.nextLong()).toString() : "N";
            case INT -> random.nextInt(264);
            case LONG -> 1_700_000_000_000L + random.nextInt(1_000_000_000);
            case DOUBLE -> random.nextInt(10_000) / 100.0;
            default -> throw new IllegalStateException(field + " is of a type that rides didn't have");
        };
    }

    private static String contract() {
        try {
            return Files.readString(Path.of("avro", "TaxiRide.avsc"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
