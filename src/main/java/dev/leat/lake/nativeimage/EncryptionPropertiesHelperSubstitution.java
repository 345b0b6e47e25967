package dev.leat.lake.nativeimage;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.OutputFile;

@TargetClass(className = "org.apache.parquet.hadoop.EncryptionPropertiesHelper")
final class EncryptionPropertiesHelperSubstitution {

    /** None: files aren't encrypted by Parquet. */
    @Substitute
    static FileEncryptionProperties createEncryptionProperties(
            ParquetConfiguration configuration, OutputFile file, WriteSupport.WriteContext context) {
        return null;
    }
}
