package dev.leat.lake;

import dev.leat.lake.parquet.Compression;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Where Parquet files are written, and which resources writing may take. The pipeline says for each stream when a file ends. */
@ConfigMapping(prefix = "leat.lake")
public interface LakeConfig {

    /** Folder of the lake; every instance must see the same one. Paths in the manifest are relative to it. */
    @WithDefault("lake")
    String location();

    /** Compression of pages. */
    @WithDefault("zstd")
    Compression compression();

    /** Zstandard's level, from 1 (fast) to 22 (small). */
    @WithDefault("3")
    int zstdLevel();

    /** A row group is written out when its values take about this much memory. */
    @WithDefault("32M")
    MemorySize rowGroup();

    /** The open files of a lane are closed when what they hold in memory grows past this. */
    @WithDefault("64M")
    MemorySize buffer();

    /** How many files (days) a lane keeps open; when one more is needed, it closes all. */
    @WithDefault("32")
    int openFiles();

    /** How many batches may wait for the writer; then the lane waits. */
    @WithDefault("8")
    int queue();

    /** How long the writer of a lane may take nothing; then the lane goes on without the lake, and opens it again later. */
    @WithDefault("60s")
    Duration stallAfter();

    /** The time-out of a statement. */
    @WithDefault("10s")
    Duration timeout();

    /** Pauses between attempts to reach Postgres with complete files in hand. */
    Retry retry();

    /** Doubles from min to max. */
    interface Retry {
        @WithDefault("200ms")
        Duration min();

        @WithDefault("10s")
        Duration max();
    }
}
