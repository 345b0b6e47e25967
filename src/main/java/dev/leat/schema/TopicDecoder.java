package dev.leat.schema;

import dev.leat.schema.Rejected.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Turns the records of one topic into rows of its streams. Not thread-safe: each lane has one of its own; what they
 * share is in {@link StreamSource} and in the registry's cache.
 */
public final class TopicDecoder {

    private final SchemaRegistry registry;
    private final List<StreamSource> sources;
    private final KeyReader keys;
    private final Cursor cursor = new Cursor();
    private final Map<Integer, Writer> writers = new HashMap<>();

    TopicDecoder(SchemaRegistry registry, List<StreamSource> sources) {
        this.registry = registry;
        this.sources = sources;
        this.keys = new KeyReader(registry);
    }

    /** What a schema id means for this topic. */
    private sealed interface Writer {
        record Known(Schema schema, StreamSource source, ReadPlan plan) implements Writer {}

        record Refused(Reason reason, String message) implements Writer {}
    }

    /**
     * Decodes a run of records of one partition, in order.
     *
     * @throws RegistryOutage when a schema is needed that the cache hasn't and the registry can't give now; nothing is
     *     decoded then, and the same call may be made again
     */
    public Decoded decode(int partition, List<ConsumerRecord<byte[], byte[]>> records) {
        // All ids first: nothing below can fail for want of the registry, and no shape grows half-way.
        resolveWriters(records);
        Map<StreamSource, Rows> rows = new LinkedHashMap<>();
        for (StreamSource source : sources) {
            Shape shape = source.shape().orElseGet(() -> new Shape(List.of()));
            rows.put(source, new Rows(source.stream(), shape, partition));
        }
        replanFor(rows);
        List<Rejected> rejected = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Rejected verdict = decode(record, rows);
            if (verdict != null) {
                rejected.add(verdict);
            }
        }
        return new Decoded(List.copyOf(rows.values()), rejected);
    }

    private void resolveWriters(List<ConsumerRecord<byte[], byte[]>> records) {
        // What was refused in an earlier run may be known by now.
        writers.values().removeIf(Writer.Refused.class::isInstance);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (WireFormat.isFramed(record.value())) {
                Instant namedAt = Instant.ofEpochMilli(record.timestamp());
                writers.computeIfAbsent(WireFormat.schemaId(record.value()), id -> resolve(id, namedAt));
            }
        }
    }

    private Writer resolve(int id, Instant namedAt) {
        Optional<Schema> schema = registry.schema(Integer.toUnsignedLong(id), namedAt);
        if (schema.isEmpty()) {
            return new Writer.Refused(
                    Reason.UNKNOWN_SCHEMA, "the registry has no schema with id " + Integer.toUnsignedLong(id));
        }
        Schema writer = schema.get();
        Optional<StreamSource> source =
                sources.stream().filter(s -> s.takes(writer)).findFirst();
        if (source.isEmpty()) {
            return new Writer.Refused(
                    Reason.UNDECLARED_TYPE,
                    "type " + writer.getFullName() + " belongs to no stream of the topic; declared are "
                            + String.join(
                                    ", ",
                                    sources.stream()
                                            .map(s -> s.type().orElse("?"))
                                            .toList()));
        }
        try {
            source.get().learn(writer);
            return new Writer.Known(writer, source.get(), source.get().plan(writer));
        } catch (ContractException e) {
            return new Writer.Refused(Reason.UNDECODABLE, e.getMessage());
        }
    }

    /** A shape may have grown since a plan was made, by another version or by another lane. */
    private void replanFor(Map<StreamSource, Rows> rows) {
        writers.replaceAll((id, writer) -> {
            if (writer instanceof Writer.Known known
                    && known.plan().shape() != rows.get(known.source()).shape()) {
                Shape shape = rows.get(known.source()).shape();
                return new Writer.Known(
                        known.schema(), known.source(), known.source().plan(known.schema(), shape));
            }
            return writer;
        });
    }

    private Rejected decode(ConsumerRecord<byte[], byte[]> record, Map<StreamSource, Rows> rows) {
        if (record.value() == null) {
            return decodeDelete(record, rows);
        }
        if (record.value().length == 0) {
            return reject(record, null, null, Reason.EMPTY_VALUE, "the value has no bytes");
        }
        if (!WireFormat.isFramed(record.value())) {
            return reject(record, null, null, Reason.NOT_FRAMED, WireFormat.whyNotFramed(record.value()));
        }
        int id = WireFormat.schemaId(record.value());
        return switch (writers.get(id)) {
            case Writer.Refused refused -> reject(record, null, id, refused.reason(), refused.message());
            case Writer.Known known -> decodeValue(record, id, known, rows.get(known.source()));
        };
    }

    private Rejected decodeValue(ConsumerRecord<byte[], byte[]> record, int id, Writer.Known known, Rows rows) {
        StreamSource source = known.source();
        if (source.stream().isKeyed() && record.key() == null) {
            return reject(
                    record,
                    source,
                    id,
                    Reason.MISSING_KEY,
                    "the record has no Kafka key, so it has no place among the others of its "
                            + String.join(", ", source.stream().key()));
        }
        try {
            cursor.reset(record.value(), WireFormat.HEADER_BYTES);
            known.plan().read(cursor, rows.writable());
        } catch (Cursor.Malformed e) {
            rows.abandon();
            return reject(
                    record,
                    source,
                    id,
                    Reason.UNDECODABLE,
                    "not a " + known.schema().getFullName() + ": " + e.getMessage());
        }
        for (String key : source.stream().key()) {
            if (rows.vector(key).isNull(rows.size())) {
                rows.abandon();
                return reject(record, source, id, Reason.MISSING_KEY, "key field " + key + " is null");
            }
        }
        String eventTime = source.stream().eventTime().orElse(null);
        if (eventTime != null && rows.vector(eventTime).isNull(rows.size())) {
            rows.abandon();
            return reject(record, source, id, Reason.MISSING_EVENT_TIME, "event-time field " + eventTime + " is null");
        }
        rows.complete(record.offset(), record.timestamp(), false);
        return null;
    }

    /** A record without a value deletes its key. Where several streams share the topic, it is for the keyed ones. */
    private Rejected decodeDelete(ConsumerRecord<byte[], byte[]> record, Map<StreamSource, Rows> rows) {
        List<StreamSource> keyed =
                sources.stream().filter(s -> s.stream().isKeyed()).toList();
        if (keyed.isEmpty()) {
            return reject(
                    record,
                    null,
                    null,
                    Reason.EMPTY_VALUE,
                    "the record has no value, and a delete makes no sense on a stream without `key:`");
        }
        if (record.key() == null) {
            return reject(
                    record, keyed.getFirst(), null, Reason.MISSING_KEY, "a delete names what it deletes by its key");
        }
        for (StreamSource source : keyed) {
            Rows target = rows.get(source);
            if (target.shape().size() == 0) {
                continue; // nothing was ever written that it could delete
            }
            Optional<String> problem = keys.read(record, source.stream().key(), target);
            if (problem.isPresent()) {
                target.abandon();
                return reject(record, source, null, Reason.UNDECODABLE, problem.get());
            }
            target.complete(record.offset(), record.timestamp(), true);
        }
        return null;
    }

    /** @param known null when the record doesn't say which stream it is for; where there is one only, it is for that */
    private Rejected reject(
            ConsumerRecord<byte[], byte[]> record, StreamSource known, Integer id, Reason reason, String message) {
        StreamSource source = known == null && sources.size() == 1 ? sources.getFirst() : known;
        return new Rejected(
                source == null ? null : source.stream().name(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                id == null ? null : Integer.toUnsignedLong(id),
                reason,
                message);
    }
}
