package dev.leat.lake.write;

import dev.leat.schema.types.Rows;
import java.io.IOException;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/** What is inside of a file while it is written. Not thread-safe. */
interface ParquetFile {

    void write(Rows rows, int row) throws IOException;

    /** About what it has taken in so far, in bytes; values of the last row group aren't compressed yet. */
    long size();

    /** Writes out what is in memory, and closes the file. */
    ParquetMetadata complete() throws IOException;
}
