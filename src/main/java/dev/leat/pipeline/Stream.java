package dev.leat.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A declared source of events.
 *
 * @param name the stream's name in the pipeline, {@code [a-z][a-z0-9_]*}
 * @param topic the Kafka topic
 * @param type full name of the Avro record type; empty: the type of the topic's registered contract
 * @param contract class path resource or file of the {@code .avsc} that is registered at start; empty: the registry
 *     already has it, or will
 * @param keyContract the same for the record key
 * @param key names of the value's fields that identify what an event is about; empty: the stream has no key, and a
 *     record without a value (a delete) makes no sense on it
 * @param eventTime name of the timestamp field that says when the event happened; empty: only position orders events
 * @param lateness how far behind the newest event time an event may arrive and still be in time
 * @param compatibility the registry's rule for new versions of the contract
 * @param lake how the stream is kept as Parquet; empty: it isn't
 */
public record Stream(
        String name,
        String topic,
        Optional<String> type,
        Optional<String> contract,
        Optional<String> keyContract,
        List<String> key,
        Optional<String> eventTime,
        Duration lateness,
        Compatibility compatibility,
        Optional<Lake> lake) {

    public boolean isKeyed() {
        return !key.isEmpty();
    }

    /** The registry's rules for the next version of a contract, as Apicurio and Confluent name them. */
    public enum Compatibility {
        BACKWARD,
        BACKWARD_TRANSITIVE,
        FORWARD,
        FORWARD_TRANSITIVE,
        FULL,
        FULL_TRANSITIVE,
        NONE
    }

    /**
     * How a stream's Parquet files are cut.
     *
     * @param partitionBy what a folder holds
     * @param rows a file is closed at this many rows
     * @param bytes or at about this many bytes of Parquet, as far as the writer can tell before compression
     * @param every or when it has been open this long
     */
    public record Lake(PartitionBy partitionBy, long rows, long bytes, Duration every) {}

    /** Folder of a row: by the UTC day of its event time (or of its Kafka timestamp without one), or one for all. */
    public enum PartitionBy {
        DAY,
        NONE
    }
}
