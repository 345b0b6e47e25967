package dev.leat.view.lane;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import java.time.OffsetDateTime;
import org.hibernate.annotations.Immutable;

/**
 * Where a lane resumes. Moved only by the lane that owns it, in the transaction of a batch ({@link PgCheckpoints}); read by
 * anyone.
 */
@Entity
@Immutable
@IdClass(Checkpoint.Lane.class)
public class Checkpoint extends PanacheEntityBase {

    @Id
    public String topic;

    @Id
    public int partition;

    /** Offset of the first event that the views haven't taken in yet. */
    @Column(name = "next_offset")
    public long nextOffset;

    @Column(name = "updated_at")
    public OffsetDateTime updatedAt;

    /** The lane's topic and partition. */
    public record Lane(String topic, int partition) {}
}
