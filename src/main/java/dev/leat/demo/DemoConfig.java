package dev.leat.demo;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** What the demo sends, where to, and how fast. */
@ConfigMapping(prefix = "leat.demo")
interface DemoConfig {

    /** Whether rides are sent at all; dev mode says yes. */
    @WithDefault("false")
    boolean enabled();

    /** Topic of the rides; created if missing. */
    @WithDefault("taxi.rides")
    String ridesTopic();

    /** Topic of the zones; created if missing, compacted. */
    @WithDefault("taxi.zones")
    String zonesTopic();

    /** Partitions of the topic of rides, where the demo creates it. Zones have one. */
    @WithDefault("6")
    int partitions();

    /** Copies of each partition, where the demo creates the topics; -1 for the broker's default. */
    @WithDefault("-1")
    short replication();

    /** The same seed gives the same rides. Part of each ride's id. */
    @WithDefault("42")
    long seed();

    /** Rides per second; 0 for as fast as it goes. */
    @WithDefault("50")
    double rate();

    /** Rides of this run; empty: until the process ends, or the CSV file does. */
    Optional<Long> count();

    /** Index of this run's first ride, from 0; of a CSV file: how many rides are skipped. */
    @WithDefault("0")
    long from();

    /** File with the columns of the TLC yellow-taxi record, replayed once instead of made-up rides. */
    Optional<Path> csv();

    /**
     * Pickup of the ride with index 0. Empty: such that this run's first ride is picked up now; then a restart sends
     * the same ids with other times.
     */
    Optional<Instant> start();

    /**
     * Rides in a day of event time, most of them in the rush hours, where {@link #rate} is 0. Otherwise event time
     * follows the wall clock.
     */
    @WithDefault("240000")
    long ridesPerDay();
}
