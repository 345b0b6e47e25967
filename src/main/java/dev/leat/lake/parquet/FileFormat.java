package dev.leat.lake.parquet;

import java.io.IOException;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.OutputFile;

/**
 * How files are written. Flat columns are written column by column, which is quicker; nested ones row by row.
 *
 * @param rowGroup bytes of memory that a row group may take
 */
public record FileFormat(Compression compression, int zstdLevel, long rowGroup) {

    /** @param codecs released by the caller, after the file is complete or abandoned */
    public ParquetFile open(OutputFile target, FileColumns columns, Codecs codecs, Dictionaries dictionaries)
            throws IOException {
        return columns.areFlat()
                ? columnFile(target, columns, codecs, dictionaries)
                : recordFile(target, columns, codecs, dictionaries);
    }

    private ParquetFile columnFile(OutputFile target, FileColumns columns, Codecs codecs, Dictionaries dictionaries)
            throws IOException {
        ParquetProperties.Builder properties = ParquetProperties.builder();
        dictionaries.useless().forEach(column -> properties.withDictionaryEncoding(column, false));
        return new ColumnFile(
                target,
                FileSchema.of(columns),
                properties.build(),
                codecs.getCompressor(compression.parquet()),
                rowGroup);
    }

    private ParquetFile recordFile(OutputFile target, FileColumns columns, Codecs codecs, Dictionaries dictionaries)
            throws IOException {
        ParquetBuilder builder = new ParquetBuilder(target, columns)
                // Anything else, left to its default, would be looked for in Hadoop.
                .withConf(ParquetBuilder.configuration())
                .withCodecFactory(codecs)
                .withCompressionCodec(compression.parquet())
                .withRowGroupSize(rowGroup)
                .withWriteMode(ParquetFileWriter.Mode.OVERWRITE);
        dictionaries.useless().forEach(column -> builder.withDictionaryEncoding(column, false));
        return new RecordFile(builder.build(), columns);
    }
}
