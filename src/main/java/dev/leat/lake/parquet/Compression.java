package dev.leat.lake.parquet;

import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** How pages are compressed; the names are those of the configuration. */
public enum Compression {
    ZSTD(CompressionCodecName.ZSTD),
    SNAPPY(CompressionCodecName.SNAPPY),
    GZIP(CompressionCodecName.GZIP),
    NONE(CompressionCodecName.UNCOMPRESSED);

    private final CompressionCodecName parquet;

    Compression(CompressionCodecName parquet) {
        this.parquet = parquet;
    }

    public CompressionCodecName parquet() {
        return parquet;
    }
}
