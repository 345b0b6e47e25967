package dev.leat.lake.nativeimage;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.util.HadoopCodecs;

@TargetClass(HadoopCodecs.class)
final class HadoopCodecsSubstitution {

    @Substitute
    public static CompressionCodecFactory newFactory(int sizeHint) {
        throw new NoHadoop();
    }
}
