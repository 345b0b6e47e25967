package dev.leat.schema.types.codec.time;

import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroTypes;
import dev.leat.schema.types.codec.WholeNumberCodec;
import java.io.IOException;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** Times as their number of units; a schema may count them in milliseconds instead. */
abstract class CountedCodec extends WholeNumberCodec {

    CountedCodec(Kind kind, LogicalType emitted, String expected) {
        super(kind, emitted.addToSchema(Schema.create(Schema.Type.LONG)), expected);
    }

    @Override
    public final Object read(AvroCursor in, Schema schema) {
        return AvroTypes.scaled(in.readLong(), AvroTypes.unitFactor(schema));
    }

    @Override
    public final void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        long time = (Long) value;
        long factor = AvroTypes.unitFactor(schema);
        if (time % factor != 0) {
            throw new AvroCursor.Malformed("a time is finer than the milliseconds that the class has");
        }
        writeNumber(time / factor, schema, out);
    }
}
