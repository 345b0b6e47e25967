package dev.leat.lake.read;

import dev.leat.lake.parquet.ParquetBuilder;
import java.lang.reflect.Constructor;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.crypto.FileDecryptionProperties;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.ParquetMetricsCallback;

/**
 * Options for reading without Hadoop. Parquet's builder creates Hadoop's codec factory before another can be set, so this
 * calls the builder's constructor, which isn't public.
 */
final class PlainReadOptions {

    private static final int MOST_ALLOCATED_AT_ONCE = 8 << 20;

    private PlainReadOptions() {}

    static ParquetReadOptions with(CompressionCodecFactory codecs) {
        try {
            Constructor<ParquetReadOptions> constructor = constructor();
            constructor.setAccessible(true);
            // No filter of any sort, no vectored reading, no checksums, no decryption.
            return constructor.newInstance(
                    false,
                    false,
                    false,
                    false,
                    false,
                    false,
                    false,
                    false,
                    false,
                    FilterCompat.NOOP,
                    ParquetMetadataConverter.NO_FILTER,
                    codecs,
                    new HeapByteBufferAllocator(),
                    MOST_ALLOCATED_AT_ONCE,
                    Map.of(),
                    null,
                    null,
                    ParquetBuilder.configuration());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("another version of Parquet is on the class path", e);
        }
    }

    // The types are written out here, for a native build finds reflection by such constants.
    private static Constructor<ParquetReadOptions> constructor() throws NoSuchMethodException {
        return ParquetReadOptions.class.getDeclaredConstructor(
                boolean.class,
                boolean.class,
                boolean.class,
                boolean.class,
                boolean.class,
                boolean.class,
                boolean.class,
                boolean.class,
                boolean.class,
                FilterCompat.Filter.class,
                ParquetMetadataConverter.MetadataFilter.class,
                CompressionCodecFactory.class,
                ByteBufferAllocator.class,
                int.class,
                Map.class,
                FileDecryptionProperties.class,
                ParquetMetricsCallback.class,
                ParquetConfiguration.class);
    }
}
