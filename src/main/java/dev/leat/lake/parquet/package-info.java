/**
 * Parquet without Hadoop: the columns, values, pages and codecs of a file that is written.
 *
 * <p>Guarantee: other readers see what parquet-avro would have written. No class of Hadoop is reached.
 *
 * <p>May import: schema.types, pipeline.
 *
 * <p>Another kind of value goes into {@code RowRecord} and {@code ParquetBuilder}, and back in {@code lake.read}; another
 * codec into {@code Codecs} and {@code Compression}.
 */
package dev.leat.lake.parquet;
