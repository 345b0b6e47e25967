package dev.leat.lake.parquet;

import dev.leat.schema.types.Rows;
import java.io.IOException;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/** A file that parquet-avro writes row by row. Needed where columns have nested values. */
final class RecordFile implements ParquetFile {

    private final ParquetWriter<RowRecord> parquet;
    private final RowRecord record;

    RecordFile(ParquetWriter<RowRecord> parquet, FileColumns columns) {
        this.parquet = parquet;
        this.record = new RowRecord(columns);
    }

    @Override
    public void write(Rows rows, int row) throws IOException {
        parquet.write(record.at(rows, row));
    }

    @Override
    public long size() {
        return parquet.getDataSize();
    }

    @Override
    public ParquetMetadata complete() throws IOException {
        parquet.close();
        return parquet.getFooter();
    }
}
