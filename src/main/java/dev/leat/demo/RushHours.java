package dev.leat.demo;

import java.time.Duration;
import java.util.Arrays;

/** The shape of a day: how many rides begin in each hour, and how fast the traffic flows then. */
final class RushHours {

    /** Rides of each hour of the day, in relation to each other. */
    private static final double[] RIDES = {
        27, 18, 12, 8, 6, 8, 19, 36, 48, 46, 43, 45, 48, 49, 52, 53, 49, 58, 68, 66, 60, 57, 52, 41
    };

    private static final double RIDES_A_DAY = Arrays.stream(RIDES).sum();
    private static final double MILLIS_AN_HOUR = 3_600_000;

    private RushHours() {}

    /** @return the part of the day's rides that have begun by then, from 0 to 1 */
    static double shareOfRidesBy(Duration sinceMidnight) {
        double hours = sinceMidnight.toMillis() / MILLIS_AN_HOUR;
        int hour = (int) hours;
        double before = Arrays.stream(RIDES, 0, hour).sum();
        return (before + RIDES[hour] * (hours - hour)) / RIDES_A_DAY;
    }

    /**
     * The inverse of {@link #shareOfRidesBy}.
     *
     * @param share from 0, below 1
     * @return time since midnight
     */
    static Duration timeOfDay(double share) {
        double rest = share * RIDES_A_DAY;
        int hour = 0;
        while (hour < 23 && rest >= RIDES[hour]) {
            rest -= RIDES[hour++];
        }
        // rounding may leave a hair more than the last hour holds
        double hours = Math.min(hour + rest / RIDES[hour], 24 - 1 / MILLIS_AN_HOUR);
        return Duration.ofMillis((long) (hours * MILLIS_AN_HOUR));
    }

    /** @return speed of the traffic in that hour of the day, in miles per hour */
    static double speed(int hour) {
        if (hour < 6) {
            return 18;
        }
        return isRush(hour) ? 8.5 : 12;
    }

    private static boolean isRush(int hour) {
        return hour >= 7 && hour < 10 || hour >= 16 && hour < 20;
    }

    /** @return surcharge for a ride that begins in that hour of the day, in US cents */
    static int surcharge(int hour) {
        if (hour < 6 || hour >= 20) {
            return 50;
        }
        return hour >= 16 ? 100 : 0;
    }
}
