package dev.leat.schema.topic;

import dev.leat.pipeline.Stream;
import dev.leat.schema.registry.FakeRegistry;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.avro.AvroLimits;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One stream's way from records to rows: written by Avro's own writer, framed, decoded by ours. Every schema that a
 * record has is registered when the record comes.
 */
public final class AvroRows {

    private final FakeRegistry registry = new FakeRegistry();
    private final StreamContract source;
    private final TopicDecoder decoder;
    private long offset;

    public AvroRows(Stream stream) {
        this(stream, List.of());
    }

    /** @param known what the stream's views have before it begins */
    public AvroRows(Stream stream, List<Column> known) {
        source = new StreamContract(stream);
        source.begin(known);
        decoder = new TopicDecoder(
                ContractHistory.ofRegistry(registry),
                new WireFormat(dev.leat.pipeline.Stream.Ids.DEFAULT),
                List.of(source));
    }

    /** As a contract that is there before any record is. */
    public AvroRows learn(Schema contract) {
        source.learn(contract);
        return this;
    }

    public Decoded decode(GenericRecord... records) {
        return decoder.decode(
                0, Records.of(Arrays.stream(records).map(this::framed).toList()));
    }

    /** The rows of records that are all fit. */
    public Rows rows(GenericRecord... records) {
        Decoded decoded = decode(records);
        if (!decoded.rejected().isEmpty()) {
            throw new AssertionError(decoded.rejected());
        }
        return decoded.rows().getFirst();
    }

    /** The same of bytes that are to be read with this schema. */
    public Decoded decode(Schema schema, byte[]... values) {
        return decoder.decode(
                0,
                Records.of(Arrays.stream(values)
                        .map(value -> framed(schema, value))
                        .toList()));
    }

    /** What somebody sees who looks at the record. */
    Inspection inspect(Schema schema, byte[] value) {
        return new RecordInspector(registry, AvroLimits.DEFAULT)
                .value(framed(schema, value), new WireFormat(dev.leat.pipeline.Stream.Ids.DEFAULT));
    }

    private ConsumerRecord<byte[], byte[]> framed(GenericRecord record) {
        return framed(record.getSchema(), bytes(record));
    }

    private ConsumerRecord<byte[], byte[]> framed(Schema schema, byte[] value) {
        List<Schema> known = new ArrayList<>();
        for (long id = 1; registry.byId.containsKey(id); id++) {
            known.add(registry.byId.get(id));
        }
        // Compared as text: fields' aliases and annotations make a version of their own.
        int at = known.stream().map(Schema::toString).toList().indexOf(schema.toString());
        int id = at < 0 ? known.size() + 1 : at + 1;
        registry.byId.put((long) id, schema);
        byte[] framed = ByteBuffer.allocate(5 + value.length)
                .put((byte) 0)
                .putInt(id)
                .put(value)
                .array();
        return new ConsumerRecord<>("topic", 0, offset++, "k".getBytes(StandardCharsets.UTF_8), framed);
    }

    static byte[] bytes(GenericRecord record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
