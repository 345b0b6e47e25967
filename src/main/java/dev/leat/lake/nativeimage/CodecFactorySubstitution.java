package dev.leat.lake.nativeimage;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

@TargetClass(CodecFactory.class)
final class CodecFactorySubstitution {

    @Substitute
    public static CodecFactory createDirectCodecFactory(
            Configuration configuration, ByteBufferAllocator allocator, int pageSize) {
        throw new NoHadoop();
    }

    @Substitute
    protected CodecFactory.BytesCompressor createCompressor(CompressionCodecName name) {
        throw new NoHadoop();
    }

    @Substitute
    protected CodecFactory.BytesDecompressor createDecompressor(CompressionCodecName name) {
        throw new NoHadoop();
    }

    @Substitute
    protected CodecFactory.BytesCompressor createCompressorAtLevel(CompressionCodecName name, int level) {
        throw new NoHadoop();
    }
}
