package dev.leat.view.deadletter;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.vertx.core.json.JsonObject;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** An event that can't be applied. Written in the transaction of its batch; read by anyone. */
@Entity
@Table(name = "dead_letter")
public class DeadLetter extends PanacheEntityBase {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    public Long id;

    /** The stream that it was meant for; null when its type belongs to none. */
    public String stream;

    /** The view that refused it; null when no view saw it. */
    public String view;

    public String topic;
    public int partition;

    @Column(name = "\"offset\"")
    public long offset;

    /** Kafka's timestamp of the record. */
    @Column(name = "event_timestamp")
    public OffsetDateTime eventTimestamp;

    public byte[] key;
    public byte[] value;

    /** A JSON object; a header's value is base64. */
    @JdbcTypeCode(SqlTypes.JSON)
    public String headers;

    @Column(name = "schema_id")
    public Long schemaId;

    /** Name of a {@link dev.leat.schema.topic.Rejected.Reason}. */
    public String reason;

    public String message;

    @Column(name = "first_attempt")
    public OffsetDateTime firstAttempt;

    @Column(name = "last_attempt")
    public OffsetDateTime lastAttempt;

    public int attempts;

    /** Whether later events of its key wait behind it, as long as it is open. */
    public boolean parks;

    /** {@code redriven} or {@code evicted}; null while it is open. */
    public String resolution;

    @Column(name = "resolved_at")
    public OffsetDateTime resolvedAt;

    /** The record as the topic had it. */
    public ConsumerRecord<byte[], byte[]> record() {
        return StoredRecord.of(topic, partition, offset, eventTimestamp, key, value, new JsonObject(headers));
    }
}
