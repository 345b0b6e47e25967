package dev.leat.view.deadletter;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An event that waits behind a dead letter of its Kafka key. Written in the transaction of its batch; read by anyone. */
@Entity
@Table(name = "parked_event")
public class ParkedEvent extends PanacheEntityBase {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    public Long id;

    public String stream;

    /** The view that waits for it; null when all of the stream's views do. */
    public String view;

    public String topic;
    public int partition;

    @Column(name = "\"offset\"")
    public long offset;

    public byte[] key;
}
