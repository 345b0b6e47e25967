package dev.leat.lake;

import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes rows without nested columns as parquet-avro does, into the same schema and with the same metadata, but straight
 * from the vectors: no object is made of a number, and no schema is asked for a value.
 */
final class FlatRows extends WriteSupport<RowRecord> {

    private final AvroWriteSupport<RowRecord> avro;

    // Given once, before the first row.
    private RecordConsumer consumer;

    FlatRows(AvroWriteSupport<RowRecord> avro) {
        this.avro = avro;
    }

    /** Files of both are told by nothing. */
    @Override
    public String getName() {
        return avro.getName();
    }

    @Override
    public WriteContext init(Configuration hadoop) {
        throw new UnsupportedOperationException("Hadoop is on no class path");
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return avro.init(configuration);
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
        this.consumer = consumer;
    }

    @Override
    public void write(RowRecord row) {
        consumer.startMessage();
        row.writeTo(consumer);
        consumer.endMessage();
    }
}
