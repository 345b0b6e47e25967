package dev.leat.pipeline;

import dev.leat.pipeline.time.EventTime;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A declared source of events.
 *
 * @param name the stream's name in the pipeline, {@code [a-z][a-z0-9_]*}
 * @param topic the Kafka topic
 * @param from where the first lane of a topic that Leat has never read begins; the same for all streams of a topic
 * @param contract what its values and keys must look like
 * @param decoding how records become rows
 * @param key names of the value's fields that identify what an event is about; empty: the stream has no key, and a
 *     record without a value (a delete) makes no sense on it
 * @param eventTime when an event happened
 * @param deadLetters what happens to events that can never be applied
 * @param deduplicate which duplicates of an event are dropped; empty: none
 * @param lake how the stream is kept as Parquet; empty: it isn't
 * @param after names of the streams that are read first, when this one is read for the first time
 * @param places where its settings are in the pipeline's files, for messages
 */
public record Stream(
        String name,
        String topic,
        From from,
        Contract contract,
        Decoding decoding,
        List<String> key,
        EventTime eventTime,
        DeadLetters deadLetters,
        Optional<Deduplicate> deduplicate,
        Optional<Lake> lake,
        List<String> after,
        Places places) {

    /** One that no file declares. */
    public Stream(
            String name,
            String topic,
            From from,
            Contract contract,
            Decoding decoding,
            List<String> key,
            EventTime eventTime,
            DeadLetters deadLetters,
            Optional<Deduplicate> deduplicate,
            Optional<Lake> lake) {
        this(
                name,
                topic,
                from,
                contract,
                decoding,
                key,
                eventTime,
                deadLetters,
                deduplicate,
                lake,
                List.of(),
                Places.none("streams." + name));
    }

    /** Where a setting is: {@code pipeline.yaml:7: streams.rides.key}. Without a name, where the stream is. */
    public String at(String setting) {
        return places.of(setting);
    }

    public boolean isKeyed() {
        return !key.isEmpty();
    }

    /** Names of the fields that tell its events, or what they are about, apart. */
    public Set<String> identities() {
        Set<String> names = new LinkedHashSet<>(key);
        deduplicate.ifPresent(d -> names.addAll(d.by()));
        return names;
    }

    /**
     * What the stream's values and keys must look like.
     *
     * @param type full name of the Avro record type; empty: the type of the topic's registered contract
     * @param file class path resource or file of the {@code .avsc} that is registered at start; empty: the registry
     *     already has it, or will
     * @param keyFile the same for the record key
     * @param subject under which subject the value's contract is registered
     * @param compatibility the registry's rule for new versions of the contract
     */
    public record Contract(
            Optional<String> type,
            Optional<String> file,
            Optional<String> keyFile,
            Subject subject,
            Compatibility compatibility) {}

    /**
     * How records become rows.
     *
     * @param ids what the ids in front of keys and values are; the same for all streams of a topic
     * @param keyFormat how the Kafka key of a delete is read; empty: as framed Avro or, for a single text column, as text
     * @param nested what becomes of a record within the record
     * @param unwrap the envelope whose content becomes the row; empty: the value itself does
     * @param unavailableValue what Debezium writes in the place of a value that it doesn't know, as its connector has it:
     *     a text, or {@code hex:} and digits
     * @param undeclared what becomes of records of a type that no stream of the topic declares; the same for all of them
     */
    public record Decoding(
            Ids ids,
            Optional<KeyFormat> keyFormat,
            Nested nested,
            Optional<Unwrap> unwrap,
            String unavailableValue,
            Undeclared undeclared) {

        public static final String UNAVAILABLE_VALUE = "__debezium_unavailable_value";
    }

    /**
     * What happens to events that can never be applied.
     *
     * @param onPoison what happens to the event itself, and to those after it
     * @param topic Kafka topic that dead letters are copied to; empty: none
     */
    public record DeadLetters(OnPoison onPoison, Optional<String> topic) {}

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

    /** Where to begin with a topic that was never read. Partitions that are added to it later begin at their start. */
    public sealed interface From {
        /** The first event that the broker still has. */
        record Earliest() implements From {}

        /** The next event that is written. */
        record Latest() implements From {}

        /** The first event whose Kafka timestamp is this or later; the next one that is written if there is none. */
        record At(Instant timestamp) implements From {}
    }

    /**
     * The ids by which records name their schemas, where no header does.
     *
     * @param kind which of the registry's ids they are
     * @param bytes how long one is: 4 or 8
     */
    public record Ids(Kind kind, int bytes) {

        /** As the serializers of Apicurio 3 and of Confluent write them. */
        public static final Ids DEFAULT = new Ids(Kind.CONTENT, 4);

        /** What an id stands for. */
        public enum Kind {
            /** One text of a schema, wherever it is registered. */
            CONTENT,
            /** One version of one subject. */
            GLOBAL
        }
    }

    /** How a subject is named, as Confluent's strategies do. */
    public enum Subject {
        /** {@code <topic>-value}: one for all types of the topic. */
        TOPIC,
        /** The full name of the record type. */
        RECORD,
        /** {@code <topic>-<full name of the record type>}. */
        TOPIC_RECORD
    }

    /** What becomes of a record whose type no stream of the topic declares. */
    public enum Undeclared {
        /** A dead letter, as any other. */
        DEAD_LETTER,
        /** It is skipped. */
        IGNORE,
        /** The lane stops before it. */
        STOP
    }

    /** An envelope around rows. */
    public enum Unwrap {
        /** A change of a row of a database, as Debezium writes it: {@code before}, {@code after}, {@code op}. */
        DEBEZIUM,
        /** A message of Yelp's data pipeline: a payload whose schema it names, the previous one, and what became of it. */
        YELP
    }

    /** How the Kafka key of a delete is read. */
    public enum KeyFormat {
        /** A framed Avro record with fields of the key's names, or one Avro value for a key of one field. */
        AVRO,
        /** UTF-8. */
        STRING,
        /** 8 bytes, the most significant first. */
        LONG,
        /** 4 bytes, the most significant first. */
        INT,
        /** A UUID as text, or as 16 bytes. */
        UUID,
        /** As they are. */
        BYTES
    }

    /** What becomes of an event that can never be applied. It is a dead letter in any case but the last. */
    public enum OnPoison {
        /** The events after it are applied. */
        SKIP,
        /** Later events with the same Kafka key are parked, in order, until it is redriven or evicted. */
        PARK,
        /** The lane stops before it. */
        STOP
    }

    /** What becomes of a record within the record. One that contains itself is JSON where it comes again. */
    public enum Nested {
        /** A column for each of its fields, the names joined with {@code _}. */
        FLAT,
        /** One column of JSON. */
        JSON
    }

    /**
     * Duplicates that producers write.
     *
     * @param by names of the fields that identify an event; never empty
     * @param within how long after an event, by Kafka's timestamps, another one with the same values counts as a duplicate
     */
    public record Deduplicate(List<String> by, Duration within) {}
}
