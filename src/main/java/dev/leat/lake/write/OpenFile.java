package dev.leat.lake.write;

import dev.leat.lake.manifest.ManifestEntry;
import dev.leat.lake.store.FileName;
import dev.leat.lake.store.FileTarget;
import dev.leat.lake.store.LakeFolder;
import dev.leat.schema.types.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ParquetFileWriter;

/**
 * A file that is being written under its temporary name. Not thread-safe: for the writer's thread.
 */
public final class OpenFile {

    /** How a file is written. */
    public record Format(Compression compression, int zstdLevel, long rowGroup) {}

    private final Path temporary;
    private final Path complete;
    private final LocalDate day;
    private final FileTarget target;
    private final Codecs codecs;
    private final Dictionaries dictionaries;
    private final ParquetFile parquet;
    private long rows;
    private long firstOffset;
    private long lastOffset;

    OpenFile(Path folder, FileName name, LocalDate day, FileColumns columns, Format format, Dictionaries dictionaries)
            throws IOException {
        this.temporary = folder.resolve(name.temporary());
        this.complete = folder.resolve(name.complete());
        this.day = day;
        this.codecs = new Codecs(format.zstdLevel());
        this.target = new FileTarget(temporary);
        this.dictionaries = dictionaries;
        this.parquet = columns.areFlat() ? columnFile(columns, format) : recordFile(columns, format);
    }

    private ParquetFile columnFile(FileColumns columns, Format format) throws IOException {
        ParquetProperties.Builder properties = ParquetProperties.builder();
        dictionaries.useless().forEach(column -> properties.withDictionaryEncoding(column, false));
        return new ColumnFile(
                target,
                FileSchema.of(columns),
                properties.build(),
                codecs.getCompressor(format.compression().parquet()),
                format.rowGroup());
    }

    private ParquetFile recordFile(FileColumns columns, Format format) throws IOException {
        ParquetBuilder builder = new ParquetBuilder(target, columns)
                // Anything else, left to its default, would be looked for in Hadoop.
                .withConf(ParquetBuilder.configuration())
                .withCodecFactory(codecs)
                .withCompressionCodec(format.compression().parquet())
                .withRowGroupSize(format.rowGroup())
                .withWriteMode(ParquetFileWriter.Mode.OVERWRITE);
        dictionaries.useless().forEach(column -> builder.withDictionaryEncoding(column, false));
        return new RecordFile(builder.build(), columns);
    }

    void write(Rows source, int row) throws IOException {
        parquet.write(source, row);
        lastOffset = source.offset(row);
        if (rows++ == 0) {
            firstOffset = lastOffset;
        }
    }

    long rows() {
        return rows;
    }

    /** The estimated size so far, in bytes; values of the last row group aren't compressed yet. */
    long size() {
        return parquet.size();
    }

    /** The estimated size in memory, in bytes. */
    long buffered() {
        return parquet.size() - target.getPos();
    }

    /** Writes what is in memory. On return the file is complete and on disk, under its temporary name. */
    void complete() throws IOException {
        try {
            dictionaries.learn(parquet.complete());
        } finally {
            codecs.release();
        }
    }

    /** Gives the complete file its name. */
    ManifestEntry publish(LakeFolder folder) throws IOException {
        long bytes = Files.size(temporary);
        folder.publish(temporary, complete);
        return new ManifestEntry(folder.relative(complete), day, firstOffset, lastOffset, rows, bytes);
    }

    /** Closes the file as a crash would: it stays as it is, for the next owner to sweep. */
    void abandon() {
        codecs.release();
        try {
            target.abandon();
        } catch (IOException e) {
            // The file is abandoned, so its end doesn't matter.
        }
    }
}
