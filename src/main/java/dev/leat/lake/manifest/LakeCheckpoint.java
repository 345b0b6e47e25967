package dev.leat.lake.manifest;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;

/** The lake's position in one partition of a stream. Advanced only by its owner, with the manifest; read by anyone. */
@Entity
@Table(name = "lake_checkpoint")
@IdClass(LakeCheckpoint.Lane.class)
public class LakeCheckpoint extends PanacheEntityBase {

    @Id
    public String stream;

    @Id
    public String topic;

    @Id
    public int partition;

    /** Offset of the first event that doesn't count in the lake yet. */
    @Column(name = "next_offset")
    public long nextOffset;

    /** The owner's epoch; rises each time that any instance opens the lane. */
    public long epoch;

    @Column(name = "updated_at")
    public OffsetDateTime updatedAt;

    /** The stream, and the topic and partition that it is read from. */
    public record Lane(String stream, String topic, int partition) {}
}
