package dev.leat.view.deadletter;

import dev.leat.pipeline.Names;
import dev.leat.schema.types.codec.time.PgTimes;
import dev.leat.schema.wire.Records;
import dev.leat.view.deadletter.ParkedKeys.Scope;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.vertx.core.json.JsonObject;
import jakarta.persistence.Column;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import java.time.OffsetDateTime;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/**
 * An event that is kept aside with all that is needed to apply it later: what dead letters, parked events and those
 * that wait share.
 *
 * <p>Written by SQL in the transaction that passes over the event ({@link EventColumns}); read by anyone through Panache.
 * Not changed once it is made.
 */
@MappedSuperclass
public abstract class StoredEvent extends PanacheEntityBase {

    /** Headers that SmallRye adds to what it has polled; no producer wrote them. */
    private static final String OF_THE_CHANNEL = "__smallrye";

    // What readers of JSON take.
    private static final int MOST_OF_A_NAME = 10_000;
    private static final int MOST_OF_A_HEADER = 8 << 20;

    /** Null until it is saved. */
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    public Long id;

    /** The stream that it is meant for; null when its type belongs to none. */
    public String stream;

    /** The view that it is kept from; null for all views of the stream. */
    public String view;

    public String topic;
    public int partition;

    @Column(name = "\"offset\"")
    public long offset;

    /** Kafka's timestamp of the record, or the nearest that Postgres can hold. */
    @Column(name = "event_timestamp")
    public OffsetDateTime eventTimestamp;

    /** Kafka's timestamp in milliseconds since the epoch, where Postgres can't hold it; else null. */
    @Column(name = "kafka_timestamp")
    public Long kafkaTimestamp;

    public byte[] key;
    public byte[] value;

    /** A JSON object: base64 of each header's value, by name; null for one over 8 MB. Of headers with one name, the last. */
    @JdbcTypeCode(SqlTypes.JSON)
    public String headers;

    void set(ConsumerRecord<byte[], byte[]> record, String stream, String view) {
        this.stream = stream;
        this.view = view;
        this.topic = Names.storable(record.topic());
        this.partition = record.partition();
        this.offset = record.offset();
        this.eventTimestamp = PgTimes.nearest(record.timestamp());
        this.kafkaTimestamp = millis() == record.timestamp() ? null : Long.valueOf(record.timestamp());
        this.key = record.key();
        this.value = record.value();
        this.headers = json(record.headers()).encode();
    }

    /** The record as the topic had it. */
    public ConsumerRecord<byte[], byte[]> record() {
        RecordHeaders all = new RecordHeaders();
        JsonObject stored = new JsonObject(headers);
        stored.fieldNames().forEach(name -> all.add(name, stored.getBinary(name)));
        return Records.record(
                topic, partition, offset, kafkaTimestamp == null ? millis() : kafkaTimestamp, key, value, all);
    }

    private long millis() {
        return eventTimestamp.toInstant().toEpochMilli();
    }

    /** What waits for it. */
    public Scope scope() {
        return new Scope(stream, view);
    }

    /** Whether this view of this stream is to have it. */
    public boolean isFor(String otherStream, String otherView) {
        return scope().covers(otherStream, otherView);
    }

    private static boolean isLarge(Header header) {
        return header.value() != null && header.value().length > MOST_OF_A_HEADER;
    }

    private static JsonObject json(Headers headers) {
        JsonObject json = new JsonObject();
        for (Header header : headers) {
            if (!header.key().startsWith(OF_THE_CHANNEL)) {
                json.put(PgText.cut(header.key(), MOST_OF_A_NAME), isLarge(header) ? null : header.value());
            }
        }
        return json;
    }
}
