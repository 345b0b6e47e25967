package dev.leat.benchmark;

import com.github.luben.zstd.Zstd;
import dev.leat.stack.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.postgresql.PGConnection;

/**
 * What each part of the way can do by itself, in a loop on one thread with nothing around it: no pipeline made of them is
 * faster than the slowest it needs.
 */
final class Limits {

    private static final int BATCH = 10_000;
    private static final int FRAME = 5;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** What is measured; returns how many rows it has done. */
    private interface Work {
        int run() throws IOException, SQLException;
    }

    private record Limit(String title, double rowsPerSecond, double cpuMicros) {}

    private final Servers servers;
    private final RideTopic topic;
    private final Schema schema;
    private final List<byte[]> rides = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final List<byte[]> copies = new ArrayList<>();

    /** Whatever can be made before the time counts is made here. */
    Limits(Servers servers, RideTopic topic) {
        this.servers = servers;
        this.topic = topic;
        schema = new Schema.Parser().parse(topic.contract());
        RideTopic.RideEncoder encoder = new RideTopic.RideEncoder(1, topic);
        int rows = Math.min(topic.rows(), 500_000);
        for (int i = 0; i < rows; i++) {
            ids.add(topic.rideId(i));
            rides.add(encoder.value(ids.get(i), i));
        }
        for (int from = 0; from < rows; from += BATCH) {
            copies.add(CopyBytes.of(from, Math.min(rows, from + BATCH)));
        }
    }

    /** As Markdown; each is done once to get warm, and then as often as there are rounds, of which the median counts. */
    String measure(int rounds) {
        List<Limit> limits = List.of(
                limit("consumer, %,d a poll".formatted(BATCH), rounds, this::poll),
                limit("Avro into `GenericRecord`", rounds, this::decode),
                limit(
                        "`COPY BINARY` into a table with a primary key, %,d a transaction".formatted(BATCH),
                        rounds,
                        this::copy),
                limit("`AvroParquetWriter`, zstd", rounds, this::parquet));
        StringBuilder text = new StringBuilder("""
                | limit | rows/s | CPU µs a row, client |
                |---|--:|--:|
                """);
        limits.forEach(limit -> text.append(String.format(
                Locale.ROOT, "| %s | %,.0f | %.2f |%n", limit.title, limit.rowsPerSecond, limit.cpuMicros)));
        return text.toString();
    }

    private static Limit limit(String title, int rounds, Work work) {
        once(title, work);
        List<Limit> limits = new ArrayList<>(
                IntStream.range(0, rounds).mapToObj(round -> once(title, work)).toList());
        limits.sort(Comparator.comparing(Limit::rowsPerSecond));
        return limits.get(rounds / 2);
    }

    private static Limit once(String title, Work work) {
        try {
            long cpu = THREADS.getCurrentThreadCpuTime();
            long begin = System.nanoTime();
            double rows = work.run();
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new Limit(title, rows / seconds, (THREADS.getCurrentThreadCpuTime() - cpu) / 1e3 / rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(title, e);
        }
    }

    private int poll() {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", servers.kafka(), "max.poll.records", BATCH, "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(IntStream.range(0, topic.partitions())
                    .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                    .toList());
            int polled = 0;
            while (polled < topic.rows()) {
                polled += consumer.poll(Duration.ofSeconds(1)).count();
            }
            return polled;
        }
    }

    private int decode() throws IOException {
        GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(schema);
        GenericRecord ride = new GenericData.Record(schema);
        BinaryDecoder decoder = null;
        for (byte[] bytes : rides) {
            decoder = DecoderFactory.get().binaryDecoder(bytes, FRAME, bytes.length - FRAME, decoder);
            ride = reader.read(ride, decoder);
        }
        return rides.size();
    }

    private int copy() throws SQLException, IOException {
        String name = topic.name() + "_copy";
        Database database = servers.createDatabase(name);
        try (Postgres postgres = new Postgres(database)) {
            postgres.execute(PeerTables.LATEST);
            var api = postgres.connection().unwrap(PGConnection.class).getCopyAPI();
            for (byte[] rows : copies) {
                var copy = api.copyIn("COPY rides_latest FROM STDIN (FORMAT binary)");
                copy.writeToCopy(rows, 0, rows.length);
                copy.endCopy();
            }
            if (postgres.number("SELECT count(*) FROM rides_latest") != rides.size()) {
                throw new AssertionError("COPY has lost rows");
            }
        }
        servers.dropDatabase(name);
        return rides.size();
    }

    private int parquet() throws IOException {
        Path file = Options.RESULTS.resolve("limit.parquet");
        Files.deleteIfExists(file);
        GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(schema);
        byte[] bytes = rides.getFirst();
        GenericRecord ride =
                reader.read(null, DecoderFactory.get().binaryDecoder(bytes, FRAME, bytes.length - FRAME, null));
        try (ParquetWriter<GenericRecord> writer = AvroParquetWriter.<GenericRecord>builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withSchema(schema)
                .withDataModel(new GenericData())
                .withCodecFactory(new Zstandard())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .build()) {
            for (int i = 0; i < rides.size(); i++) {
                ride.put("ride_id", ids.get(i));
                ride.put("pickup_at", RideTopic.pickupAt(i));
                ride.put("fare_amount", i % 4_000 / 100.0);
                ride.put("trip_distance", i % 2_000 / 100.0);
                ride.put("pu_location_id", 1 + i % 263);
                writer.write(ride);
            }
        }
        return rides.size();
    }

    /** Without Hadoop, which Parquet's own factory needs. */
    private static final class Zstandard
            implements CompressionCodecFactory, CompressionCodecFactory.BytesInputCompressor {

        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName name) {
            return this;
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
            throw new UnsupportedOperationException("writes only");
        }

        @Override
        public BytesInput compress(BytesInput page) throws IOException {
            return BytesInput.from(Zstd.compress(page.toByteArray()));
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.ZSTD;
        }

        @Override
        public void release() {}
    }
}
