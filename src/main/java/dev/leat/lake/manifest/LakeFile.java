package dev.leat.lake.manifest;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/** A file that counts: a row of the manifest. Written by its lane's owner, with the checkpoint; read by anyone. */
@Entity
@Table(name = "lake_file")
public class LakeFile extends PanacheEntityBase {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    public Long id;

    public String stream;

    public String topic;

    public int partition;

    /** Relative to the lake's location. */
    public String path;

    /** UTC day of the rows' event time; null in a lake that isn't partitioned by day, and where the time is outside of the calendar. */
    public LocalDate day;

    /** Of the first row; the offsets between may be in files of other days. */
    @Column(name = "first_offset")
    public long firstOffset;

    @Column(name = "last_offset")
    public long lastOffset;

    public long rows;

    /** Size of the file. */
    public long bytes;

    @Column(name = "created_at")
    public OffsetDateTime createdAt;
}
