package dev.leat.lake.write;

import java.util.HashSet;
import java.util.Set;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/**
 * Which columns of a lane's files have no use for a dictionary, because their values hardly repeat. Parquet finds that out
 * anew for each file, by encoding the first values twice; here the next files go by what a large one came to. Not
 * thread-safe; of the writer's thread.
 */
public final class Dictionaries {

    /** Fewer rows say nothing about a column, and cost little. */
    static final int TELLING_ROWS = 10_000;

    /** After so many files, all columns are tried again: values may repeat by then. */
    static final int FILES = 20;

    /** No value comes twice. */
    private static final String OFFSET = "_offset";

    private final Set<String> useless = new HashSet<>(Set.of(OFFSET));
    private int files;

    /** Paths of the columns that go without, their parts divided by dots. */
    Set<String> useless() {
        return Set.copyOf(useless);
    }

    void learn(ParquetMetadata file) {
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
