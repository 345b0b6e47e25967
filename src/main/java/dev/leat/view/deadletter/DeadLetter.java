package dev.leat.view.deadletter;

import dev.leat.pipeline.Stream;
import dev.leat.schema.topic.Rejected;
import dev.leat.schema.wire.WireFormat;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hibernate.annotations.Immutable;

/** An event that can't be applied. */
@Entity
@Immutable
@Table(name = "dead_letter")
public class DeadLetter extends StoredEvent {

    /** The writer's schema; null when the record names none. */
    @Column(name = "schema_id")
    public Long schemaId;

    /** Name of a {@link Rejected.Reason}. */
    public String reason;

    public String message;

    @Column(name = "first_attempt")
    public OffsetDateTime firstAttempt;

    @Column(name = "last_attempt")
    public OffsetDateTime lastAttempt;

    public int attempts;

    /** Whether later events of its key wait for it, as long as it is open. */
    public boolean parks;

    /** {@code redriven} or {@code evicted}; null while it is open. */
    public String resolution;

    @Column(name = "resolved_at")
    public OffsetDateTime resolvedAt;

    /** Kafka topic that gets a copy; null for none. */
    @Column(name = "copy_to")
    public String copyTo;

    /** When the copy was sent; null: it wasn't. */
    @Column(name = "copied_at")
    public OffsetDateTime copiedAt;

    /** Why the copy can't be sent, and is set aside; null: it can, as far as is known. */
    @Column(name = "copy_refused")
    public String copyRefused;

    /**
     * A record that became no row.
     *
     * @param policy of the record's stream
     * @param copyTo null for none
     */
    public static DeadLetter rejected(
            ConsumerRecord<byte[], byte[]> record, Rejected rejected, Stream.OnPoison policy, String copyTo) {
        DeadLetter letter = new DeadLetter();
        letter.set(record, rejected.stream(), null);
        letter.schemaId = rejected.schemaId();
        letter.reason = rejected.reason().name();
        letter.message = rejected.message();
        letter.parks = policy == Stream.OnPoison.PARK && record.key() != null;
        letter.copyTo = copyTo;
        return letter;
    }

    /** An event that a view refuses. */
    public static DeadLetter refused(
            ConsumerRecord<byte[], byte[]> record, Stream stream, String view, Stream.OnPoison policy, String message) {
        DeadLetter letter = new DeadLetter();
        letter.set(record, stream.name(), view);
        letter.schemaId = WireFormat.schemaIdIn(stream, record).orElse(null);
        letter.reason = Rejected.Reason.REFUSED_BY_VIEW.name();
        letter.message = message;
        letter.parks = policy == Stream.OnPoison.PARK && record.key() != null;
        letter.copyTo = stream.deadLetters().topic().orElse(null);
        return letter;
    }

    /** A letter that became no row may turn out to be any stream's. */
    @Override
    public boolean isFor(String otherStream, String otherView) {
        return view == null || super.isFor(otherStream, otherView);
    }
}
