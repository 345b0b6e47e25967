package dev.leat.view.time;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;

/** An event that came after what it belongs to in a view was final. Written in its batch's transaction; read by anyone. */
@Entity
@Table(name = "late_event")
public class LateEvent extends PanacheEntityBase {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    public Long id;

    /** The view that no longer took it. */
    public String view;

    public String stream;
    public String topic;
    public int partition;

    @Column(name = "\"offset\"")
    public long offset;

    @Column(name = "event_time")
    public OffsetDateTime eventTime;

    /** End of the window, or of the join's interval, that it belongs to. */
    @Column(name = "window_end")
    public OffsetDateTime windowEnd;

    @Column(name = "came_at")
    public OffsetDateTime cameAt;
}
