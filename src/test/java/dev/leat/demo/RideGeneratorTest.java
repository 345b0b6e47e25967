package dev.leat.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leat.demo.csv.ZoneList;
import dev.leat.taxi.TaxiRide;
import dev.leat.taxi.Zone;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RideGeneratorTest {

    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final int DAY = 20_000;

    private final ZoneList zones = ZoneList.load();

    @Test
    void the_same_seed_gives_the_same_rides() {
        // When, Then
        assertThat(rides(7)).isEqualTo(rides(7));
    }

    @Test
    void another_seed_gives_other_rides() {
        // When, Then
        assertThat(Collections.disjoint(new HashSet<>(rides(7)), rides(8))).isTrue();
    }

    @Test
    void a_sequence_may_begin_anywhere() {
        // When
        List<TaxiRide> tail = generator(7).ridesFrom(19_990).limit(10).toList();

        // Then
        assertThat(tail).isEqualTo(rides(7).subList(19_990, 20_000));
    }

    @Test
    void ids_are_unique_and_name_seed_and_index() {
        // When
        List<TaxiRide> rides = rides(7);

        // Then
        assertThat(rides).extracting(TaxiRide::getRideId).doesNotHaveDuplicates();
        assertThat(rides.get(17).getRideId()).isEqualTo("7-17");
    }

    @Test
    void a_day_has_its_rush_hours_and_its_quiet_night() {
        // When
        Map<Integer, Long> byHour = rides(7).stream()
                .collect(Collectors.groupingBy(
                        ride -> ride.getPickupAt().atOffset(ZoneOffset.UTC).getHour(), Collectors.counting()));

        // Then
        assertThat(byHour.get(18)).isGreaterThan(8 * byHour.get(4)).isGreaterThan(byHour.get(10));
        assertThat(byHour.get(8)).isGreaterThan(2 * byHour.get(6));
    }

    @Test
    void some_rides_are_voided_and_only_those_have_negative_totals() {
        // When
        List<TaxiRide> voided =
                rides(7).stream().filter(ride -> ride.getTotalAmount() < 0).toList();

        // Then
        assertThat(voided).hasSizeBetween(DAY / 500, DAY / 125).allSatisfy(ride -> {
            assertThat(ride.getFareAmount()).isNegative();
            assertThat(ride.getTipAmount()).isZero();
            assertThat(ride.getPaymentType()).isIn(3, 4);
        });
    }

    @Test
    void some_rides_are_late_by_minutes_and_the_others_in_order() {
        // Given
        Instant newest = Instant.MIN;
        int late = 0;

        // When
        for (TaxiRide ride : rides(7)) {
            if (ride.getPickupAt().isBefore(newest)) {
                late++;
                assertThat(Duration.between(ride.getPickupAt(), newest)).isLessThan(Duration.ofMinutes(12));
            } else {
                newest = ride.getPickupAt();
            }
        }

        // Then
        assertThat(late).isBetween(DAY / 200, DAY / 50);
    }

    @Test
    void amounts_add_up_to_the_total() {
        // When, Then
        assertThat(rides(7)).allSatisfy(ride -> assertThat(ride.getFareAmount()
                        + ride.getExtra()
                        + ride.getMtaTax()
                        + ride.getTipAmount()
                        + ride.getTollsAmount()
                        + ride.getImprovementSurcharge()
                        + (ride.getCongestionSurcharge() == null ? 0 : ride.getCongestionSurcharge()))
                .isCloseTo(ride.getTotalAmount(), within(1e-9)));
    }

    @Test
    void both_vendors_cards_and_cash_and_missing_values_occur_in_likely_shares() {
        // When
        List<TaxiRide> rides = rides(7);

        // Then
        assertThat(share(rides, ride -> ride.getVendorId() == 1)).isBetween(0.30, 0.37);
        assertThat(share(rides, ride -> ride.getPaymentType() == 1)).isBetween(0.6, 0.7);
        assertThat(share(rides, ride -> ride.getPassengerCount() == null)).isBetween(0.005, 0.02);
        assertThat(share(rides, ride -> ride.getCongestionSurcharge() == null)).isBetween(0.005, 0.02);
        assertThat(rides)
                .allMatch(ride -> ride.getDropoffAt().isAfter(ride.getPickupAt()) && ride.getTripDistance() > 0);
    }

    @Test
    void every_ride_goes_between_zones_that_exist_and_every_zone_is_reached() {
        // When
        List<Integer> ids = zones.all().stream().map(Zone::getLocationId).toList();

        // Then
        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(50);
        assertThat(rides(7).stream().map(TaxiRide::getPuLocationId).distinct())
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(rides(7).stream().map(TaxiRide::getDoLocationId).distinct())
                .containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void a_steady_clock_keeps_pace_with_the_rate() {
        // When, Then
        assertThat(RideClock.steady(START, 50).pickup(3_000)).isEqualTo(START.plusSeconds(60));
    }

    @Test
    void a_daily_clock_begins_at_its_start_and_has_the_same_number_of_rides_each_day() {
        // Given
        Instant start = Instant.parse("2026-03-02T17:20:00Z");

        // When
        RideClock clock = RideClock.daily(start, DAY);

        // Then
        assertThat(clock.pickup(0)).isCloseTo(start, within(1, java.time.temporal.ChronoUnit.SECONDS));
        assertThat(clock.pickup(DAY))
                .isCloseTo(start.plus(Duration.ofDays(1)), within(1, java.time.temporal.ChronoUnit.SECONDS));
    }

    private List<TaxiRide> rides(long seed) {
        return generator(seed).ridesFrom(0).limit(DAY).toList();
    }

    private RideGenerator generator(long seed) {
        return new RideGenerator(seed, RideClock.daily(START, DAY), zones);
    }

    private static double share(List<TaxiRide> rides, java.util.function.Predicate<TaxiRide> condition) {
        return (double) rides.stream().filter(condition).count() / rides.size();
    }
}
