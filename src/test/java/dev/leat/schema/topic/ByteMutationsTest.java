package dev.leat.schema.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.registry.FakeRegistry;
import dev.leat.schema.types.AvroBytes;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroLimits;
import dev.leat.schema.types.codec.StoredAs;
import dev.leat.schema.types.codec.ValueCodec;
import dev.leat.schema.types.table.PgArrays;
import dev.leat.schema.types.table.TypeTable;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/**
 * Records with mutated bytes, among valid ones, through all that reads them: rows and dead letters, what Postgres and the
 * lake get of rows, and what is shown of dead letters. Whatever the bytes are, nothing is thrown but verdicts, no stack
 * overflows, what is allocated is bounded by the bytes, and the valid records are not touched.
 *
 * <p>{@code -Dleat.mutations=1000000} runs as many, {@code -Dleat.seed=…} the same again.
 */
class ByteMutationsTest {

    private static final int MUTATIONS = Integer.getInteger("leat.mutations", 20_000);
    private static final int BATCH = 8;

    /** What a record may cost by its bytes: JSON of 256 characters, of at most 3 bytes, that is written twice. */
    private static final long ALLOCATED_A_BYTE = 4_000;

    /** And beside them: 10,000 values without bytes, 65,536 characters, and the columns. */
    private static final long ALLOCATED_A_RECORD = 4_000_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final String EVERYTHING = """
            {"type": "record", "name": "All", "namespace": "t", "fields": [
              {"name": "id", "type": "string"},
              {"name": "flag", "type": "boolean"}, {"name": "i", "type": "int"}, {"name": "l", "type": ["null", "long"]},
              {"name": "f", "type": "float"}, {"name": "d", "type": ["double", "null"]},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "day", "type": ["null", {"type": "int", "logicalType": "date"}]},
              {"name": "time", "type": {"type": "int", "logicalType": "time-millis"}},
              {"name": "nanos", "type": {"type": "long", "logicalType": "local-timestamp-nanos"}},
              {"name": "uuid", "type": {"type": "string", "logicalType": "uuid"}},
              {"name": "bits", "type": {"type": "fixed", "name": "Bits", "size": 16, "logicalType": "uuid"}},
              {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}},
              {"name": "wide", "type": ["null", {"type": "fixed", "name": "Wide", "size": 40, "logicalType": "decimal",
                "precision": 90, "scale": 40}]},
              {"name": "any", "type": ["null", {"type": "bytes", "logicalType": "big-decimal"}]},
              {"name": "took", "type": ["null", {"type": "fixed", "name": "Took", "size": 12, "logicalType": "duration"}]},
              {"name": "raw", "type": "bytes"},
              {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B", "C"]}},
              {"name": "ints", "type": {"type": "array", "items": ["null", "int"]}},
              {"name": "decimals", "type": {"type": "array", "items": {"type": "bytes", "logicalType": "big-decimal"}}},
              {"name": "texts", "type": {"type": "map", "values": "string"}},
              {"name": "nothings", "type": {"type": "array", "items": "null"}},
              {"name": "empties", "type": {"type": "map", "values": {"type": "record", "name": "Empty", "fields": []}}},
              {"name": "zeros", "type": {"type": "array", "items": {"type": "fixed", "name": "Zero", "size": 0}}},
              {"name": "grid", "type": {"type": "array", "items": {"type": "array", "items": ["null", "double"]}}},
              {"name": "either", "type": ["null", "string", "long", {"type": "array", "items": "t.Kind"}]},
              {"name": "nested", "type": ["null", {"type": "record", "name": "Inner", "fields": [
                {"name": "a", "type": "int"}, {"name": "b", "type": ["null", {"type": "record", "name": "Inmost",
                  "fields": [{"name": "c", "type": "string"}, {"name": "e", "type": "t.Empty"}]}]}]}]},
              {"name": "tree", "type": {"type": "record", "name": "Tree", "fields": [
                {"name": "v", "type": ["null", "int", "string"]},
                {"name": "left", "type": ["null", "t.Tree"]},
                {"name": "more", "type": {"type": "array", "items": "t.Tree"}},
                {"name": "named", "type": ["int", {"type": "map", "values": ["null", "t.Tree"]}]}]}}]}
            """;

    private static final String PLAIN = """
            {"type": "record", "name": "Ride", "namespace": "t", "fields": [
              {"name": "id", "type": "string"}, {"name": "n", "type": "long"}, {"name": "zone", "type": ["null", "int"]},
              {"name": "fare", "type": "double"}, {"name": "tip", "type": ["null", "double"]},
              {"name": "note", "type": ["null", "string"]},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}
            """;

    private final Random random;
    private final Mutations mutations;
    private final RandomData data;
    private final FakeRegistry registry = new FakeRegistry();
    private final List<Source> sources = new ArrayList<>();
    private long worstA = 0;

    ByteMutationsTest() {
        long seed = Long.getLong("leat.seed", System.nanoTime());
        System.out.println("-Dleat.seed=" + seed + " -Dleat.mutations=" + MUTATIONS);
        random = new Random(seed);
        mutations = new Mutations(random);
        data = new RandomData(random);
        Schema all = schema(EVERYTHING);
        add(new StreamFixture("plain", "topic").key("id").eventTime("at"), schema(PLAIN), null);
        add(new StreamFixture("flat", "topic").key("id"), all, null);
        add(new StreamFixture("json", "topic").nested(Stream.Nested.JSON), all, null);
        add(new StreamFixture("rows", "topic").key("id").unwrap(Stream.Unwrap.DEBEZIUM), debezium(), null);
        add(new StreamFixture("yelp", "topic").key("id").type("t.All").unwrap(Stream.Unwrap.YELP), envelope(), all);
    }

    /** A stream, the schema of its values, and that of the payloads in them, if they are envelopes. */
    private record Source(Stream stream, Schema schema, Schema payload, int id, TopicDecoder decoder) {}

    private void add(StreamFixture fixture, Schema schema, Schema payload) {
        Stream stream = fixture.build();
        int id = registry.byId.size() + 1;
        registry.byId.put((long) id, schema);
        if (payload != null) {
            registry.byId.put(id + 1L, payload);
        }
        sources.add(new Source(
                stream,
                schema,
                payload,
                id,
                new TopicDecoder(
                        ContractHistory.ofRegistry(registry),
                        new WireFormat(Stream.Ids.DEFAULT),
                        List.of(new StreamContract(stream)))));
    }

    @Test
    void whatever_the_bytes_are_a_record_is_a_row_or_a_dead_letter_and_costs_no_more_than_its_bytes() throws Exception {
        registry.byId.put(90L, Schema.create(Schema.Type.STRING));
        registry.byId.put(
                91L,
                schema("{\"type\": \"record\", \"name\": \"K\", \"fields\": ["
                        + "{\"name\": \"id\", \"type\": [\"null\", \"string\", \"long\"]}]}"));
        Throwable[] failure = new Throwable[1];
        // Smaller than any stack that such records are read on.
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        for (int done = 0; done < MUTATIONS; done += BATCH / 2) {
                            batch(sources.get(random.nextInt(sources.size())));
                        }
                    } catch (Throwable e) {
                        failure[0] = e;
                    }
                },
                "mutations",
                512 << 10);
        thread.start();
        thread.join();
        if (failure[0] != null) {
            throw new AssertionError(failure[0]);
        }
        System.out.println("at most " + worstA + " bytes were allocated for a batch beyond those of its bytes");
    }

    /** Half of the records are mutated. */
    private void batch(Source source) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Set<Long> valid = new TreeSet<>();
        for (int i = 0; i < BATCH; i++) {
            byte[] value = value(source);
            if (i % 2 == 0) {
                valid.add((long) i);
                records.add(record(i, "k".getBytes(StandardCharsets.UTF_8), value, false));
            } else {
                records.add(mutated(source, i, value));
            }
        }
        try {
            long bytes = records.stream()
                    .mapToLong(r -> size(r.key()) + size(r.value()))
                    .sum();
            long before = allocated();
            Set<Long> rows = through(source, records);
            long spent = allocated() - before;
            worstA = Math.max(worstA, spent - bytes * ALLOCATED_A_BYTE);
            assertThat(spent).isLessThan(bytes * ALLOCATED_A_BYTE + BATCH * ALLOCATED_A_RECORD);
            assertThat(rows).containsAll(valid);
        } catch (Throwable e) {
            throw new AssertionError(
                    source.stream().name() + " "
                            + records.stream()
                                    .map(r -> hex(r.key()) + ":" + hex(r.value()))
                                    .toList(),
                    e);
        }
    }

    private Set<Long> through(Source source, List<ConsumerRecord<byte[], byte[]>> records) {
        Decoded decoded = source.decoder().decode(0, Records.of(records));
        Set<Long> offsets = new TreeSet<>();
        for (Rows rows : decoded.rows()) {
            for (int row = 0; row < rows.size(); row++) {
                offsets.add(rows.offset(row));
            }
            written(rows);
        }
        decoded.rejected().forEach(rejected -> assertThat(offsets).doesNotContain(rejected.offset()));
        RecordInspector inspector = new RecordInspector(registry, AvroLimits.DEFAULT.withJson(1 << 20));
        WireFormat format = new WireFormat(Stream.Ids.DEFAULT);
        for (Rejected rejected : decoded.rejected()) {
            ConsumerRecord<byte[], byte[]> record = records.get((int) rejected.offset());
            if (record.value() != null) {
                inspector.value(record, format);
            }
            if (record.key() != null) {
                inspector.key(record, format);
            }
        }
        return offsets;
    }

    /** What Postgres and the lake get. */
    private static void written(Rows rows) {
        int[] all = IntStream.range(0, rows.size()).toArray();
        for (Column column : rows.shape().columns()) {
            Vector vector = rows.vector(column.name());
            try {
                PgArrays.values(vector, all);
            } catch (DateTimeException e) {
                // The verdict of a view: Postgres can't hold such a time.
            }
            ValueCodec codec = TypeTable.of(column.type());
            Schema stored = codec.parquet(column.name());
            for (int row : all) {
                if (codec.storedAs() == StoredAs.CONVERTED && !vector.isNull(row)) {
                    codec.toStored(vector.valueAt(row), stored);
                }
            }
        }
    }

    private byte[] value(Source source) {
        GenericData.Record record = (GenericData.Record) data.of(source.schema());
        if (source.payload() != null) {
            record.put(
                    "message_type",
                    new GenericData.EnumSymbol(
                            source.schema().getField("message_type").schema(), "update"));
            record.put("schema_id", source.id() + 1L);
            record.put("payload", ByteBuffer.wrap(AvroBytes.of(source.payload(), data.of(source.payload()))));
            record.put("previous_payload", ByteBuffer.wrap(AvroBytes.of(source.payload(), data.of(source.payload()))));
            record.put("encryption_type", null);
            record.put("timestamp", 1L);
        } else if (source.schema().getField("op") != null) {
            record.put("op", "u");
            record.put(
                    "after",
                    data.of(source.schema()
                            .getField("after")
                            .schema()
                            .getTypes()
                            .get(1)));
        }
        return AvroBytes.framed(source.id(), source.schema(), record);
    }

    private ConsumerRecord<byte[], byte[]> mutated(Source source, int offset, byte[] valid) {
        byte[] other = value(sources.get(random.nextInt(sources.size())));
        byte[] key = random.nextInt(3) == 0
                ? mutations.of(
                        AvroBytes.framed(90 + random.nextInt(2), Schema.create(Schema.Type.STRING), "k"), 0, other)
                : "k".getBytes(StandardCharsets.UTF_8);
        byte[] value =
                switch (random.nextInt(12)) {
                    case 0 -> null;
                    case 1 -> mutations.of(valid, 0, other); // also its id
                    case 2 -> Mutations.spliced(valid, 1, 5, new byte[] {0, 0, 0, (byte) random.nextInt(12)});
                    default -> mutations.of(valid, 5, other);
                };
        return record(offset, random.nextInt(20) == 0 ? null : key, value, random.nextInt(20) == 0);
    }

    private ConsumerRecord<byte[], byte[]> record(int offset, byte[] key, byte[] value, boolean headers) {
        RecordHeaders named = new RecordHeaders();
        if (headers) {
            named.add(
                    random.nextBoolean() ? "apicurio.value.contentId" : "apicurio.key.globalId",
                    ByteBuffer.allocate(8).putLong(random.nextInt(12)).array());
            named.add("__value_schema_id", new byte[random.nextInt(3)]);
        }
        return new ConsumerRecord<>(
                "topic",
                0,
                offset,
                random.nextInt(50) == 0 ? random.nextLong() : 0,
                TimestampType.CREATE_TIME,
                size(key) == 0 ? ConsumerRecord.NULL_SIZE : size(key),
                size(value) == 0 ? ConsumerRecord.NULL_SIZE : size(value),
                key,
                value,
                named,
                java.util.Optional.empty());
    }

    private static int size(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static String hex(byte[] bytes) {
        return bytes == null ? "null" : HexFormat.of().formatHex(bytes);
    }

    private static long allocated() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    private static Schema debezium() {
        return schema("""
                {"type": "record", "name": "Envelope", "namespace": "d", "fields": [
                  {"name": "before", "type": ["null", %s]}, {"name": "after", "type": ["null", "t.All"]},
                  {"name": "source", "type": ["null", {"type": "record", "name": "Source", "fields": [
                    {"name": "ts_ms", "type": "long"}, {"name": "db", "type": "string"}]}]},
                  {"name": "op", "type": "string"}, {"name": "ts_ms", "type": ["null", "long"]}]}
                """.formatted(EVERYTHING));
    }

    private static Schema envelope() {
        try {
            return new Schema.Parser().parse(Path.of("avro/Envelope.avsc").toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Schema schema(String text) {
        return new Schema.Parser().parse(text);
    }
}
