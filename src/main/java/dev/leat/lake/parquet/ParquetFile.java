package dev.leat.lake.parquet;

import dev.leat.schema.types.Rows;
import java.io.IOException;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/** The content of a file that is being written. Not thread-safe. */
public interface ParquetFile {

    void write(Rows rows, int row) throws IOException;

    /** The estimated size so far, in bytes; values of the last row group aren't compressed yet. */
    long size();

    /** Writes what is in memory, and closes the file. */
    ParquetMetadata complete() throws IOException;
}
