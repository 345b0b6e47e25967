package dev.leat.lake.parquet;

import java.util.HashSet;
import java.util.Set;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/**
 * Which columns of a lane's files don't profit from a dictionary, because few of their values are duplicates. Parquet finds
 * that out again for each file, by encoding the first values twice. Here a large file decides for the next ones. Not
 * thread-safe: for the writer's thread.
 */
public final class Dictionaries {

    /** A file of fewer rows decides nothing. */
    static final int TELLING_ROWS = 10_000;

    /** After so many files all columns are tried again, because values may have changed. */
    static final int FILES = 20;

    /** All values are distinct. */
    private static final String OFFSET = "_offset";

    private final Set<String> useless = new HashSet<>(Set.of(OFFSET));
    private int files;

    /** Paths of the columns without a dictionary, their parts separated by dots. */
    Set<String> useless() {
        return Set.copyOf(useless);
    }

    public void learn(ParquetMetadata file) {
        long rows =
                file.getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
        if (rows < TELLING_ROWS) {
            return;
        }
        useless.clear();
        useless.add(OFFSET);
        if (++files % FILES != 0) {
            file.getBlocks().forEach(block -> block.getColumns().forEach(this::add));
            file.getBlocks().forEach(block -> block.getColumns().forEach(this::removeUsed));
        }
    }

    private void add(ColumnChunkMetaData chunk) {
        useless.add(chunk.getPath().toDotString());
    }

    private void removeUsed(ColumnChunkMetaData chunk) {
        if (chunk.hasDictionaryPage() || isEmpty(chunk)) {
            useless.remove(chunk.getPath().toDotString());
        }
    }

    private static boolean isEmpty(ColumnChunkMetaData chunk) {
        return chunk.getStatistics().getNumNulls() == chunk.getValueCount();
    }
}
