package dev.leat.schema.emit;

import dev.leat.schema.decode.ReadStep;
import dev.leat.schema.types.Rows;
import java.io.IOException;
import org.apache.avro.io.BinaryEncoder;

/** One step of writing a row as a record: writes a field's columns. The counterpart of {@link ReadStep}. */
interface WriteStep {

    void write(Rows rows, int row, BinaryEncoder out) throws IOException;

    /** Whether every column that it reads is null. */
    default boolean isNull(Rows rows, int row) {
        return true;
    }
}
