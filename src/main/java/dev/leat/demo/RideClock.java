package dev.leat.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/** Says when a ride is picked up, from its index alone: the same clock gives the same times. */
@FunctionalInterface
interface RideClock {

    /** @param index of the ride, from 0 */
    Instant pickup(long index);

    /**
     * Rides at equal distances: event time keeps pace with a producer of that rate.
     *
     * @param start pickup of ride 0
     * @param rate rides per second, above 0
     */
    static RideClock steady(Instant start, double rate) {
        return index -> start.plus(Duration.ofMillis((long) (index * 1000 / rate)));
    }

    /**
     * Rides as the city takes them: few at night, most in the rush hours, the same number each day.
     *
     * @param start pickup of ride 0
     * @param ridesPerDay above 0
     */
    static RideClock daily(Instant start, long ridesPerDay) {
        Instant midnight = start.atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        double passed = RushHours.shareOfRidesBy(Duration.between(midnight, start));
        return index -> {
            double days = passed + (double) index / ridesPerDay;
            double whole = Math.floor(days);
            return midnight.plus(Duration.ofDays((long) whole)).plus(RushHours.timeOfDay(days - whole));
        };
    }
}
