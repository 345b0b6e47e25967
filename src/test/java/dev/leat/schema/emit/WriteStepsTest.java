package dev.leat.schema.emit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.Nested;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.decode.RecordFields;
import dev.leat.schema.topic.AvroRows;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.TypeSamples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The type table the other way round: from columns back to records, which Avro itself reads. */
class WriteStepsTest {

    @ParameterizedTest
    @MethodSource("dev.leat.schema.types.TypeSamples#all")
    void every_type_comes_back_from_its_columns(TypeSamples.Sample sample) throws IOException {
        assertComesBack(sample.schema(), Nested.FLAT, sample.records());
    }

    @ParameterizedTest
    @MethodSource("dev.leat.schema.types.TypeSamples#all")
    void every_type_comes_back_from_json(TypeSamples.Sample sample) throws IOException {
        // Given
        Schema inner = sample.schema();
        Schema outer =
                Schema.createRecord("Outer", null, "t", false, java.util.List.of(new Schema.Field("inner", inner)));
        GenericRecord[] records = java.util.Arrays.stream(sample.records())
                .map(record -> {
                    GenericRecord wrapped = new org.apache.avro.generic.GenericData.Record(outer);
                    wrapped.put("inner", record);
                    return wrapped;
                })
                .toArray(GenericRecord[]::new);

        // When Then
        assertComesBack(outer, Nested.JSON, records);
    }

    private static void assertComesBack(Schema schema, Nested nested, GenericRecord... records) throws IOException {
        // Given
        Stream stream = new StreamFixture("events", "topic").nested(nested).build();
        Rows rows = new AvroRows(stream).rows(records);
        WriteStep steps = new WriteSteps(RecordFields.of(schema, nested), rows.shape()).of(schema);

        for (int row = 0; row < records.length; row++) {
            // When
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            steps.write(rows, row, encoder);
            encoder.flush();

            // Then
            assertThat(read(schema, bytes.toByteArray())).isEqualTo(read(schema, written(records[row])));
        }
    }

    private static GenericRecord read(Schema schema, byte[] bytes) throws IOException {
        return new GenericDatumReader<GenericRecord>(schema)
                .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    }

    private static byte[] written(GenericRecord record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }
}
