package dev.leat.schema.types.avro;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Defaults of fields, as records have them. */
public final class AvroDefaults {

    private AvroDefaults() {}

    /**
     * @throws AvroRuntimeException when the default is no value of the field's type
     * @throws ClassCastException likewise
     */
    public static void write(Schema.Field field, BinaryEncoder out) throws IOException {
        new GenericDatumWriter<>(field.schema())
                .write(
                        field.defaultVal() == JsonProperties.NULL_VALUE
                                ? null
                                : GenericData.get().getDefaultValue(field),
                        out);
    }

    /** The same by itself. */
    public static byte[] encoded(Schema.Field field) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        write(field, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }
}
