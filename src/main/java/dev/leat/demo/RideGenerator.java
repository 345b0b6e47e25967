package dev.leat.demo;

import dev.leat.demo.csv.ZoneList;
import dev.leat.taxi.TaxiRide;
import dev.leat.taxi.Zone;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Makes up rides. A ride depends on the seed, the clock and its own index and on nothing else, so a sequence may begin
 * anywhere and is the same each time; ids are {@code <seed>-<index>}.
 *
 * <p>One ride in 250 is voided (negative amounts), one in 100 arrives late (its pickup is 2 to 12 minutes before those
 * around it), one in 80 lacks what its vendor did not report.
 */
final class RideGenerator {

    private static final double VOIDED = 1 / 250.0;
    private static final double LATE = 1 / 100.0;
    private static final double UNREPORTED = 1 / 80.0;

    private static final Integer STANDARD_RATE = 1;
    private static final Integer JFK_RATE = 2;
    private static final int CREDIT_CARD = 1;
    private static final int CASH = 2;
    private static final int NO_CHARGE = 3;
    private static final int DISPUTE = 4;

    private final long seed;
    private final RideClock clock;
    private final ZoneList zones;

    RideGenerator(long seed, RideClock clock, ZoneList zones) {
        this.seed = seed;
        this.clock = clock;
        this.zones = zones;
    }

    /** @param from index of the first ride; the stream has no end */
    Stream<TaxiRide> ridesFrom(long from) {
        return LongStream.iterate(from, index -> index + 1).mapToObj(this::ride);
    }

    TaxiRide ride(long index) {
        RandomGenerator random = new SplittableRandom(seed * 0xD1342543DE82EF95L + index);
        Trip trip = Trip.any(pickup(index, random), zones, random);

        TaxiRide ride = new TaxiRide();
        ride.setRideId(seed + "-" + index);
        ride.setVendorId(random.nextInt(3) == 0 ? 1 : 2);
        ride.setPickupAt(trip.pickup());
        ride.setDropoffAt(trip.dropoff());
        ride.setTripDistance(trip.miles());
        ride.setPuLocationId(trip.from().getLocationId());
        ride.setDoLocationId(trip.to().getLocationId());
        charge(ride, trip, random);
        if (random.nextDouble() >= UNREPORTED) {
            ride.setPassengerCount(passengers(random));
            ride.setRatecodeId(trip.isFlat() ? JFK_RATE : STANDARD_RATE);
            ride.setStoreAndFwdFlag(random.nextInt(100) == 0 ? "Y" : "N");
        }
        return ride;
    }

    private Instant pickup(long index, RandomGenerator random) {
        Instant pickup = clock.pickup(index);
        return random.nextDouble() < LATE ? pickup.minusSeconds(random.nextLong(120, 720)) : pickup;
    }

    private static void charge(TaxiRide ride, Trip trip, RandomGenerator random) {
        Integer congestion = random.nextDouble() < UNREPORTED ? null : trip.congestionSurcharge();
        Fare fare = trip.isFlat()
                ? Fare.flat(trip.tolls(), congestion)
                : Fare.metered(
                        trip.miles(), trip.minutes(), RushHours.surcharge(trip.hour()), trip.tolls(), congestion);
        int payment = payment(random);
        if (random.nextDouble() < VOIDED) {
            payment = random.nextBoolean() ? NO_CHARGE : DISPUTE;
            fare = fare.voided();
        } else if (payment == CREDIT_CARD && random.nextDouble() < 0.93) {
            fare = fare.withTip(random.nextDouble(0.1, 0.3));
        }
        ride.setPaymentType(payment);
        fare.writeTo(ride);
    }

    private static int passengers(RandomGenerator random) {
        int dice = random.nextInt(100);
        return dice < 72 ? 1 : dice < 87 ? 2 : dice < 91 ? 3 : dice < 93 ? 4 : dice < 96 ? 5 : dice < 98 ? 6 : 0;
    }

    private static int payment(RandomGenerator random) {
        int dice = random.nextInt(1000);
        return dice < 650 ? CREDIT_CARD : dice < 990 ? CASH : dice < 995 ? NO_CHARGE : DISPUTE;
    }

    /** Where and when a made-up ride goes; miles in hundredths, tolls in US cents. */
    private record Trip(Instant pickup, Zone from, Zone to, double miles, double minutes, int tolls) {

        static Trip any(Instant pickup, ZoneList zones, RandomGenerator random) {
            Zone from = zones.anyPickup(random);
            Zone to = zones.anyDropoff(random);
            boolean isLong = ZoneList.isAirport(from) != ZoneList.isAirport(to);
            // most rides within the city are short, with a long tail
            double miles = isLong
                    ? random.nextDouble(8, 20)
                    : Math.clamp(Math.exp(0.55 + 0.75 * random.nextGaussian()), 0.2, 25);
            double minutes = 1 + miles / RushHours.speed(hour(pickup)) * 60 * random.nextDouble(0.8, 1.3);
            int tolls = isLong && random.nextInt(3) > 0 ? 612 : 0;
            return new Trip(pickup, from, to, Math.round(miles * 100) / 100.0, minutes, tolls);
        }

        Instant dropoff() {
            return pickup.plus(Duration.ofSeconds((long) (minutes * 60)));
        }

        int hour() {
            return hour(pickup);
        }

        private static int hour(Instant pickup) {
            return pickup.atOffset(ZoneOffset.UTC).getHour();
        }

        /** Between Manhattan and JFK the fare is flat. */
        boolean isFlat() {
            return ZoneList.isJfk(from) && ZoneList.isYellow(to) || ZoneList.isYellow(from) && ZoneList.isJfk(to);
        }

        Integer congestionSurcharge() {
            return ZoneList.isYellow(from) || ZoneList.isYellow(to) ? 250 : 0;
        }
    }
}
