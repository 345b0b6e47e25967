package dev.leat.lake.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * Compresses and decompresses pages straight through the native libraries: Parquet's own factory goes through Hadoop's
 * classes, which aren't there at run time. One for each file; not thread-safe; holds native memory until released.
 */
public final class Codecs implements CompressionCodecFactory {

    private final int zstdLevel;

    // Made when the first page is compressed, ended by release(); both on the writer's thread.
    private ZstdCompressCtx zstd;

    public Codecs(int zstdLevel) {
        this.zstdLevel = zstdLevel;
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName name) {
        return switch (name) {
            case UNCOMPRESSED -> new Compressor(name, page -> page);
            case ZSTD -> new Compressor(name, page -> BytesInput.from(zstd().compress(page.toByteArray())));
            case SNAPPY -> new Compressor(name, page -> BytesInput.from(Snappy.compress(page.toByteArray())));
            case GZIP -> new Compressor(name, Codecs::gzip);
            default -> throw new UnsupportedOperationException(name + " isn't among " + Compression.class.getName());
        };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
        return switch (name) {
            case UNCOMPRESSED -> new Decompressor((page, size) -> page);
            case ZSTD -> new Decompressor(Zstd::decompress);
            case SNAPPY -> new Decompressor((page, size) -> Snappy.uncompress(page));
            case GZIP -> new Decompressor((page, size) -> gunzip(page));
            default -> throw new UnsupportedOperationException(name + " isn't among " + Compression.class.getName());
        };
    }

    @Override
    public void release() {
        if (zstd != null) {
            zstd.close();
            zstd = null;
        }
    }

    private ZstdCompressCtx zstd() {
        if (zstd == null) {
            zstd = new ZstdCompressCtx();
            zstd.setLevel(zstdLevel);
        }
        return zstd;
    }

    private static BytesInput gzip(BytesInput page) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(64, (int) page.size() / 4));
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            page.writeAllTo(gzip);
        }
        return BytesInput.from(out.toByteArray());
    }

    private static byte[] gunzip(byte[] page) throws IOException {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(page))) {
            return gzip.readAllBytes();
        }
    }

    private interface Compress {
        BytesInput page(BytesInput page) throws IOException;
    }

    private record Compressor(CompressionCodecName name, Compress compress) implements BytesInputCompressor {

        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
            return compress.page(bytes);
        }

        @Override
        public CompressionCodecName getCodecName() {
            return name;
        }

        @Override
        public void release() {
            // What it holds is the factory's.
        }
    }

    private interface Decompress {
        byte[] page(byte[] page, int size) throws IOException;
    }

    private record Decompressor(Decompress decompress) implements BytesInputDecompressor {

        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            return BytesInput.from(decompress.page(bytes.toByteArray(), size));
        }

        @Override
        public void decompress(ByteBuffer from, int compressed, ByteBuffer to, int size) throws IOException {
            byte[] page = new byte[compressed];
            from.get(page);
            to.put(decompress.page(page, size));
        }

        @Override
        public void release() {
            // It holds nothing.
        }
    }
}
