package dev.leat.schema.emit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Writes rows as the contract says: a zero byte, the schema's content id in 4 bytes, and Avro's binary encoding. A value
 * that the contract has no place for is refused with a {@link dev.leat.schema.emit.UnencodableValue}. Thread-safe.
 */
public final class AvroRowEncoder {

    private static final byte MAGIC = 0;

    private final EmittedContract contract;
    private final GenericDatumWriter<GenericData.Record> writer;

    public AvroRowEncoder(EmittedContract contract) {
        this.contract = contract;
        this.writer = new GenericDatumWriter<>(contract.schema());
    }

    /** @param row the value of the column at an index, as the Postgres client gives it */
    public byte[] encode(IntFunction<Object> row) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(MAGIC);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(contract.id()).array());
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            writer.write(datum(row), encoder);
            encoder.flush();
        } catch (UnencodableValue e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnencodableValue(
                    "the row can't be written as " + contract.schema().getFullName() + ": " + e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private GenericData.Record datum(IntFunction<Object> row) {
        GenericData.Record datum = new GenericData.Record(contract.schema());
        List<Schema.Field> fields = contract.schema().getFields();
        for (int i = 0; i < fields.size(); i++) {
            Schema.Field field = fields.get(i);
            int column = contract.columns().get(i);
            datum.put(
                    i,
                    column < 0
                            ? GenericData.get().getDefaultValue(field)
                            : AvroDatum.of(row.apply(column), field.schema(), field.name()));
        }
        return datum;
    }
}
