package dev.leat.lake.parquet;

import dev.leat.schema.types.Rows;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.OutputFile;

/**
 * A file of flat columns, written column by column: for a block of rows, all values of one column, then those of the next.
 * Encodings, pages, statistics, compression and footer are parquet-java's; schema and metadata are parquet-avro's. Only its
 * record consumer is left out, which looks up the column of each value.
 *
 * <p>Source: parquet-java, {@code InternalParquetRecordWriter}, which ends row groups by the same rule.
 */
final class ColumnFile implements ParquetFile {

    /**
     * Parquet checks the sizes of its pages after so many rows of a row group, and may end some there. All columns must have
     * the same number of rows then.
     */
    private static final int ROWS = ParquetProperties.DEFAULT_MINIMUM_RECORD_COUNT_FOR_CHECK;

    private final ParquetFileWriter file;
    private final FileSchema schema;
    private final ParquetProperties properties;
    private final BytesInputCompressor compressor;
    private final RowRecord record;
    private final List<ColumnDescriptor> descriptors;
    private final long rowGroup;

    // Of the row group that is open.
    private ColumnChunkPageWriteStore pages;
    private ColumnWriteStore columns;
    private ColumnWriter[] writers;
    private long begin;
    private long rows;

    // Rows that aren't in any column yet, all of one batch.
    private Rows source;
    private final int[] waiting = new int[ROWS];
    private int count;

    /** @param rowGroup bytes of memory that a row group may take */
    ColumnFile(
            OutputFile target,
            FileSchema schema,
            ParquetProperties properties,
            BytesInputCompressor compressor,
            long rowGroup)
            throws IOException {
        this.schema = schema;
        this.compressor = compressor;
        this.rowGroup = rowGroup;
        this.properties = ParquetProperties.copy(properties)
                .estimateRowCountForPageSizeCheck(false)
                .withMinRowCountForPageSizeCheck(ROWS)
                .build();
        this.record = new RowRecord(schema.columns());
        this.descriptors = schema.parquet().getColumns();
        this.file = new ParquetFileWriter(
                target,
                schema.parquet(),
                ParquetFileWriter.Mode.OVERWRITE,
                rowGroup,
                ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
                null,
                this.properties);
        file.start();
        beginGroup();
    }

    @Override
    public void write(Rows from, int row) throws IOException {
        if (from != source) {
            flush();
            source = from;
        }
        waiting[count++] = row;
        if ((rows + count) % ROWS == 0) {
            flush();
            long buffered = columns.getBufferedSize();
            // It is better to be slightly under the size than over it at all.
            if (buffered > rowGroup - 2 * buffered / rows) {
                endGroup();
                beginGroup();
            }
        }
    }

    @Override
    public long size() {
        return begin + columns.getBufferedSize();
    }

    @Override
    public ParquetMetadata complete() throws IOException {
        flush();
        endGroup();
        Map<String, String> metadata = new HashMap<>(schema.metadata());
        metadata.put(ParquetWriter.OBJECT_MODEL_NAME_PROP, schema.model());
        file.end(metadata);
        file.close();
        return file.getFooter();
    }

    private void flush() {
        if (count == 0) {
            return;
        }
        record.at(source, waiting[0]);
        for (int field = 0; field < writers.length; field++) {
            record.writeTo(writers[field], descriptors.get(field).getMaxDefinitionLevel(), field, waiting, count);
        }
        for (int i = 0; i < count; i++) {
            columns.endRecord();
        }
        rows += count;
        count = 0;
    }

    private void beginGroup() throws IOException {
        begin = file.getPos();
        rows = 0;
        pages = new ColumnChunkPageWriteStore(
                compressor,
                schema.parquet(),
                properties.getAllocator(),
                properties.getColumnIndexTruncateLength(),
                properties.getPageWriteChecksumEnabled());
        columns = properties.newColumnWriteStore(schema.parquet(), pages, pages);
        writers = descriptors.stream().map(columns::getColumnWriter).toArray(ColumnWriter[]::new);
    }

    private void endGroup() throws IOException {
        try (ColumnChunkPageWriteStore done = pages;
                ColumnWriteStore all = columns) {
            if (rows > 0) {
                file.startBlock(rows);
                all.flush();
                done.flushToFileWriter(file);
                file.endBlock();
            }
        }
    }
}
