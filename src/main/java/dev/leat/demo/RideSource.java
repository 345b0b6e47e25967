package dev.leat.demo;

import dev.leat.demo.csv.RideCsv;
import dev.leat.demo.csv.ZoneList;
import dev.leat.taxi.TaxiRide;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/** This run's rides, as the configuration asks for them: made up, or from a file. */
record RideSource(DemoConfig config, ZoneList zones) {

    /**
     * @param now first pickup where no start is configured
     * @return lazy; to be closed
     */
    Stream<TaxiRide> rides(Instant now) {
        Stream<TaxiRide> rides = config.csv()
                .map(file -> new RideCsv(file).rides().skip(config.from()))
                .orElseGet(() -> new RideGenerator(config.seed(), clock(now), zones).ridesFrom(config.from()));
        return config.count().map(rides::limit).orElse(rides);
    }

    private RideClock clock(Instant now) {
        if (config.rate() > 0) {
            Duration before = Duration.ofMillis((long) (config.from() * 1000 / config.rate()));
            return RideClock.steady(config.start().orElse(now.minus(before)), config.rate());
        }
        Duration before = Duration.ofDays(1).multipliedBy(config.from()).dividedBy(config.ridesPerDay());
        return RideClock.daily(config.start().orElse(now.minus(before)), config.ridesPerDay());
    }
}
