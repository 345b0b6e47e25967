package dev.leat.schema.topic;

import dev.leat.pipeline.Stream;
import dev.leat.schema.registry.FakeRegistry;
import dev.leat.schema.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;

/** Values of one contract, as a producer frames them, and what decodes them; without a registry. */
public final class DecoderFixture {

    private static final int ID = 7;

    private final FakeRegistry registry = new FakeRegistry();
    private final Stream stream;
    private final Schema schema;

    public DecoderFixture(Stream stream, String avsc) {
        this.stream = stream;
        this.schema = new Schema.Parser().parse(avsc);
        registry.byId.put((long) ID, schema);
    }

    /** As a lane that opens: it knows the contract, and nothing else. */
    public TopicDecoder decoder() {
        return instance().get();
    }

    /** As a process that starts, of which each lane asks for a decoder. */
    public Supplier<TopicDecoder> instance() {
        StreamContract source = new StreamContract(stream);
        source.learn(schema);
        WireFormat format = new WireFormat(dev.leat.pipeline.Stream.Ids.DEFAULT);
        return () -> new TopicDecoder(ContractHistory.ofRegistry(registry), format, List.of(source));
    }

    /** Another version, which the registry knows from now on. */
    public void register(int id, String avsc) {
        registry.byId.put((long) id, new Schema.Parser().parse(avsc));
    }

    /** @param values of the contract's fields, in their order */
    public byte[] framed(Object... values) {
        return framed(ID, schema, values);
    }

    /** The same of another version. */
    public static byte[] framedAs(int id, String avsc, Object... values) {
        return framed(id, new Schema.Parser().parse(avsc), values);
    }

    private static byte[] framed(int id, Schema schema, Object... values) {
        GenericData.Record record = new GenericData.Record(schema);
        for (int i = 0; i < values.length; i++) {
            record.put(i, values[i]);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.writeBytes(ByteBuffer.allocate(4).putInt(id).array());
        var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            new GenericDatumWriter<>(schema).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
