package dev.leat.demo.lifecycle;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;

/** A ride's state, and the times and amounts of its events. */
@Entity
@Table(name = "ride_lifecycle")
public class RideLifecycle extends PanacheEntityBase {

    @Id
    @Column(name = "ride_id")
    public String rideId;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    public Status status;

    @Column(name = "pu_location_id")
    public Integer pickupLocation;

    @Column(name = "do_location_id")
    public Integer dropoffLocation;

    @Column(name = "vendor_id")
    public Integer vendor;

    @Column(name = "requested_at")
    public Instant requestedAt;

    @Column(name = "accepted_at")
    public Instant acceptedAt;

    @Column(name = "finished_at")
    public Instant finishedAt;

    @Column(name = "paid_at")
    public Instant paidAt;

    @Column(precision = 8, scale = 2)
    public BigDecimal fare;

    @Column(nullable = false, precision = 8, scale = 2)
    public BigDecimal paid = BigDecimal.ZERO;

    /** What the passenger waited for a driver. */
    @Column(name = "wait_seconds")
    public Long waitSeconds;

    @Column(nullable = false)
    public int payments;

    /** In this order; a ride skips none. */
    public enum Status {
        REQUESTED,
        ACCEPTED,
        FINISHED,
        PAID
    }
}
