package dev.leat.lake.write;

import dev.leat.lake.manifest.ManifestEntry;
import dev.leat.lake.parquet.Codecs;
import dev.leat.lake.parquet.Dictionaries;
import dev.leat.lake.parquet.FileColumns;
import dev.leat.lake.parquet.FileFormat;
import dev.leat.lake.parquet.ParquetFile;
import dev.leat.lake.store.FileName;
import dev.leat.lake.store.FileTarget;
import dev.leat.lake.store.LakeFolder;
import dev.leat.schema.types.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;

/**
 * A file that is being written under its temporary name. Not thread-safe: for the writer's thread.
 */
final class OpenFile {

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

    OpenFile(
            Path folder,
            FileName name,
            LocalDate day,
            FileColumns columns,
            FileFormat format,
            Dictionaries dictionaries)
            throws IOException {
        this.temporary = folder.resolve(name.temporary());
        this.complete = folder.resolve(name.complete());
        this.day = day;
        this.codecs = new Codecs(format.zstdLevel());
        this.target = new FileTarget(temporary);
        this.dictionaries = dictionaries;
        this.parquet = format.open(target, columns, codecs, dictionaries);
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
