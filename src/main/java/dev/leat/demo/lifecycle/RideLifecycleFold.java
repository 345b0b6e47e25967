package dev.leat.demo.lifecycle;

import dev.leat.demo.lifecycle.RideLifecycle.Status;
import dev.leat.taxi.RideAccepted;
import dev.leat.taxi.RideFinished;
import dev.leat.taxi.RidePaid;
import dev.leat.taxi.RideRequested;
import dev.leat.view.fold.EventPosition;
import dev.leat.view.fold.Fold;
import dev.leat.view.fold.Transitions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Duration;

/**
 * A ride is requested, accepted, finished and paid, in this order; payments add up until they make the fare. What doesn't
 * fit is refused, and becomes a dead letter.
 */
@Named("ride_lifecycle")
@ApplicationScoped
public class RideLifecycleFold implements Fold<RideLifecycle> {

    @Override
    public Transitions<RideLifecycle> transitions() {
        return Transitions.of(RideLifecycle.class)
                .on(RideRequested.class, RideLifecycleFold::requested)
                .on(RideAccepted.class, RideLifecycleFold::accepted)
                .on(RideFinished.class, RideLifecycleFold::finished)
                .on(RidePaid.class, RideLifecycleFold::paid);
    }

    private static RideLifecycle requested(RideLifecycle ride, RideRequested event, EventPosition position) {
        if (ride != null) {
            throw new IllegalStateException("the ride is " + ride.status + " already");
        }
        RideLifecycle requested = new RideLifecycle();
        requested.status = Status.REQUESTED;
        requested.pickupLocation = event.getPuLocationId();
        requested.requestedAt = event.getRequestedAt();
        return requested;
    }

    private static RideLifecycle accepted(RideLifecycle ride, RideAccepted event, EventPosition position) {
        require(ride, Status.REQUESTED);
        ride.status = Status.ACCEPTED;
        ride.vendor = event.getVendorId();
        ride.acceptedAt = event.getAcceptedAt();
        ride.waitSeconds = Duration.between(ride.requestedAt, ride.acceptedAt).toSeconds();
        return ride;
    }

    private static RideLifecycle finished(RideLifecycle ride, RideFinished event, EventPosition position) {
        require(ride, Status.ACCEPTED);
        ride.status = Status.FINISHED;
        ride.dropoffLocation = event.getDoLocationId();
        ride.finishedAt = event.getFinishedAt();
        ride.fare = event.getFare();
        return ride;
    }

    private static RideLifecycle paid(RideLifecycle ride, RidePaid event, EventPosition position) {
        require(ride, Status.FINISHED);
        ride.payments++;
        ride.paid = ride.paid.add(event.getAmount());
        if (ride.paid.compareTo(ride.fare) >= 0) {
            ride.status = Status.PAID;
            ride.paidAt = event.getPaidAt();
        }
        return ride;
    }

    private static void require(RideLifecycle ride, Status status) {
        if (ride == null || ride.status != status) {
            throw new IllegalStateException(
                    "the ride is " + (ride == null ? "unknown" : ride.status) + ", not " + status);
        }
    }
}
