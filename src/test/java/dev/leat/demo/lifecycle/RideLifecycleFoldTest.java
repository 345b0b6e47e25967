package dev.leat.demo.lifecycle;

import static dev.leat.schema.topic.RideEvents.accepted;
import static dev.leat.schema.topic.RideEvents.finished;
import static dev.leat.schema.topic.RideEvents.paid;
import static dev.leat.schema.topic.RideEvents.requested;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.demo.lifecycle.RideLifecycle.Status;
import dev.leat.view.fold.EventPosition;
import dev.leat.view.fold.Transitions;
import java.math.BigDecimal;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** The example's logic alone: no Kafka, no Postgres, no Hibernate. */
class RideLifecycleFoldTest {

    private static final EventPosition POSITION = new EventPosition("rides", "rides", 0, 0, Instant.EPOCH);

    @Test
    void payments_add_up_until_they_make_the_fare() {
        // When
        RideLifecycle half = fold(requested("r"), accepted("r"), finished("r", "20.00"), paid("r", "8.00"));
        RideLifecycle whole =
                fold(requested("r"), accepted("r"), finished("r", "20.00"), paid("r", "8.00"), paid("r", "12.00"));

        // Then
        assertThat(half.status).isEqualTo(Status.FINISHED);
        assertThat(half.paidAt).isNull();
        assertThat(whole.status).isEqualTo(Status.PAID);
        assertThat(whole.paid).isEqualByComparingTo(new BigDecimal("20.00"));
        assertThat(whole.payments).isEqualTo(2);
        assertThat(whole.waitSeconds).isEqualTo(90);
    }

    @Test
    void what_does_not_fit_is_refused() {
        assertThatThrownBy(() -> fold(accepted("r"))).hasMessage("the ride is unknown, not REQUESTED");
        assertThatThrownBy(() -> fold(requested("r"), requested("r"))).hasMessage("the ride is REQUESTED already");
        assertThatThrownBy(() -> fold(requested("r"), accepted("r"), paid("r", "1.00")))
                .hasMessage("the ride is ACCEPTED, not FINISHED");
    }

    private static RideLifecycle fold(SpecificRecord... events) {
        Transitions<RideLifecycle> transitions = new RideLifecycleFold().transitions();
        RideLifecycle ride = null;
        for (SpecificRecord event : events) {
            ride = transitions.apply(ride, event, POSITION);
        }
        return ride;
    }
}
