package dev.leat.schema.types;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;

/** Values as Avro's own encoder writes them. */
public final class AvroBytes {

    private AvroBytes() {}

    public static byte[] of(Schema schema, Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            var encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<>(schema).write(value, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The same behind a zero byte and an id of 4 bytes. */
    public static byte[] framed(int id, Schema schema, Object value) {
        byte[] bytes = of(schema, value);
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) 0)
                .putInt(id)
                .put(bytes)
                .array();
    }
}
