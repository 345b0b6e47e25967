package dev.leat.lake.parquet;

import java.util.Map;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.hadoop.api.WriteSupport.WriteContext;
import org.apache.parquet.schema.MessageType;

/**
 * A file's columns as Parquet has them.
 *
 * @param metadata what parquet-avro says of them in the footer
 * @param model how it calls itself there
 */
record FileSchema(FileColumns columns, MessageType parquet, Map<String, String> metadata, String model) {

    static FileSchema of(FileColumns columns) {
        AvroWriteSupport<RowRecord> avro = ParquetBuilder.support(columns);
        WriteContext context = avro.init(ParquetBuilder.configuration());
        return new FileSchema(columns, context.getSchema(), context.getExtraMetaData(), avro.getName());
    }
}
