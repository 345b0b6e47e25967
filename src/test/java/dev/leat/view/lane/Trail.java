package dev.leat.view.lane;

import dev.leat.taxi.RideAccepted;
import dev.leat.taxi.RideFinished;
import dev.leat.taxi.RidePaid;
import dev.leat.taxi.RideRequested;
import dev.leat.view.fold.Fold;
import dev.leat.view.fold.Transitions;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.math.BigDecimal;

/** The events of a ride, a letter each, in the order in which they were folded: {@code R|A|F|P}. */
@Entity
public class Trail {

    public static final String POISON = "13.00";

    @Id
    @Column(name = "ride_id")
    String id;

    @Column(nullable = false, length = 4000)
    public String trail = "";

    private Trail with(String letter) {
        trail = trail.isEmpty() ? letter : trail + "|" + letter;
        return this;
    }

    private static Trail of(Trail state) {
        return state == null ? new Trail() : state;
    }

    /** A payment of 13 dollars is poison. */
    public static final class Folded implements Fold<Trail> {
        @Override
        public Transitions<Trail> transitions() {
            return Transitions.of(Trail.class)
                    .on(RideRequested.class, (state, event, at) -> of(state).with("R"))
                    .on(RideAccepted.class, (state, event, at) -> of(state).with("A"))
                    .on(RideFinished.class, (state, event, at) -> of(state).with("F"))
                    .on(RidePaid.class, (state, event, at) -> {
                        // Changed first: nothing of it may stay.
                        Trail paid = of(state).with("P");
                        if (event.getAmount().compareTo(new BigDecimal(POISON)) == 0) {
                            throw new IllegalStateException("nobody pays " + POISON);
                        }
                        return paid;
                    });
        }
    }
}
