package dev.leat.lake.nativeimage;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.util.Iterator;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.HadoopParquetConfiguration;

@TargetClass(HadoopParquetConfiguration.class)
final class HadoopParquetConfigurationSubstitution {

    @Substitute
    public HadoopParquetConfigurationSubstitution() {
        throw new NoHadoop();
    }

    @Substitute
    public HadoopParquetConfigurationSubstitution(boolean loadDefaults) {
        throw new NoHadoop();
    }

    @Substitute
    public HadoopParquetConfigurationSubstitution(Configuration configuration) {
        throw new NoHadoop();
    }

    @Substitute
    public int getInt(String name, int defaultValue) {
        throw new NoHadoop();
    }

    @Substitute
    public Iterator<Map.Entry<String, String>> iterator() {
        throw new NoHadoop();
    }
}
