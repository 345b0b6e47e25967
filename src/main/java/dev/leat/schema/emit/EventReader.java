package dev.leat.schema.emit;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.Nested;
import dev.leat.schema.contract.Contract;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.decode.RecordFields;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/**
 * Rows as objects of a class that Avro has generated. They are built from columns, not from the record's bytes, so that
 * an event is the same object whether it comes from the topic or from the lake. A row is written in Avro's encoding with the
 * class's schema, and read by Avro itself: conversions, enums and fixed types are those of the class.
 *
 * <p>Of fields that the writer didn't know, the class's default counts. What Avro's rules of evolution wouldn't resolve is
 * refused. A nested record of which every column is null is null where its field can be.
 *
 * <p>Not thread-safe.
 */
public final class EventReader {

    private final Schema schema;
    private final Nested nested;
    private final SpecificDatumReader<SpecificRecord> reader;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private BinaryEncoder encoder;
    private BinaryDecoder decoder;

    private Shape shape;
    private WriteStep steps; // for the shape

    /** @param nested how records within the record became columns */
    public EventReader(Class<?> type, Nested nested) {
        SpecificData data = SpecificData.getForClass(type);
        this.schema = data.getSchema(type);
        this.nested = nested;
        this.reader = new SpecificDatumReader<>(schema, schema, data);
    }

    /** Full name of the record type of a stream's events, where the pipeline says it. */
    public static Optional<String> typeOf(Stream stream) {
        return stream.contract().type().or(() -> Contract.value(stream)
                .map(Contract::schema)
                .filter(s -> s.getType() == Schema.Type.RECORD)
                .map(Schema::getFullName));
    }

    /** Full name of the record type. */
    public String type() {
        return schema.getFullName();
    }

    /** @throws ContractException when rows of this shape can never be objects of the class */
    public void require(Shape columns) {
        steps(columns);
    }

    /**
     * The event of a row that is no delete.
     *
     * @throws Unreadable when the class can't hold it
     */
    public SpecificRecord read(Rows rows, int row) {
        try {
            bytes.reset();
            encoder = EncoderFactory.get().binaryEncoder(bytes, encoder);
            steps(rows.shape()).write(rows, row, encoder);
            encoder.flush();
            decoder = DecoderFactory.get().binaryDecoder(bytes.toByteArray(), decoder);
            return reader.read(null, decoder);
        } catch (RuntimeException e) {
            // No other system takes part, so the row is at fault.
            throw new Unreadable("it can't be read as " + schema.getFullName() + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private WriteStep steps(Shape columns) {
        if (shape != columns) {
            steps = new WriteSteps(RecordFields.of(schema, nested), columns).of(schema);
            shape = columns;
        }
        return steps;
    }
}
