package dev.leat.schema.topic;

import dev.leat.pipeline.Stream;
import dev.leat.schema.decode.RecordFields;
import dev.leat.schema.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.avro.Schema;

/** The columns that follow from a contract. */
public final class ContractShape {

    private ContractShape() {}

    public static Shape of(String avsc) {
        try {
            Schema schema = new Schema.Parser().parse(Path.of(avsc).toFile());
            return new Shape(RecordFields.of(schema, Stream.Nested.FLAT).columns());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
