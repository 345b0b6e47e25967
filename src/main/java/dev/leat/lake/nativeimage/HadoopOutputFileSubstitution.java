package dev.leat.lake.nativeimage;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopOutputFile;

@TargetClass(HadoopOutputFile.class)
final class HadoopOutputFileSubstitution {

    @Substitute
    public static HadoopOutputFile fromPath(Path path, Configuration configuration) {
        throw new NoHadoop();
    }
}
