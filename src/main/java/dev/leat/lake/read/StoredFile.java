package dev.leat.lake.read;

import dev.leat.lake.parquet.Codecs;
import dev.leat.lake.parquet.ParquetBuilder;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.api.ReadSupport.ReadContext;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.RecordMaterializer;

/**
 * Reads a complete file from its first row to its last. Iterates over the row groups itself, because Parquet's own reader
 * needs Hadoop's classes. Not thread-safe; holds a row group in memory until closed.
 */
final class StoredFile implements AutoCloseable {

    private final Codecs codecs = new Codecs(0);
    private final ParquetFileReader file;
    private final MessageColumnIO columns;
    private final RecordMaterializer<IndexedRecord> materializer;
    private RecordReader<IndexedRecord> group;
    private long left;

    StoredFile(Path path) throws IOException {
        ParquetConfiguration configuration = ParquetBuilder.configuration();
        file = ParquetFileReader.open(new LocalInputFile(path), PlainReadOptions.with(codecs));
        FileMetaData meta = file.getFileMetaData();
        AvroReadSupport<IndexedRecord> support = new AvroReadSupport<>(new GenericData());
        ReadContext context = support.init(configuration, meta.getKeyValueMetaData(), meta.getSchema());
        file.setRequestedSchema(context.getRequestedSchema());
        columns = new ColumnIOFactory(meta.getCreatedBy())
                .getColumnIO(context.getRequestedSchema(), meta.getSchema(), true);
        materializer = support.prepareForRead(configuration, meta.getKeyValueMetaData(), meta.getSchema(), context);
    }

    /** The next row; null after the last. */
    IndexedRecord next() throws IOException {
        while (left == 0) {
            PageReadStore pages = file.readNextRowGroup();
            if (pages == null) {
                return null;
            }
            group = columns.getRecordReader(pages, materializer);
            left = pages.getRowCount();
        }
        left--;
        return group.read();
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            codecs.release();
        }
    }
}
