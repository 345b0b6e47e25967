package dev.leat.lake.nativeimage;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;

@TargetClass(ParquetFileReader.class)
final class ParquetFileReaderSubstitution {

    /** None: files are no paths of Hadoop's. */
    @Substitute
    public Path getPath() {
        return null;
    }
}
