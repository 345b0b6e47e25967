package dev.leat.demo.csv;

import dev.leat.taxi.Zone;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/** The zones that made-up rides go between: {@code demo/zones.csv}. Names are real; ids are ours, not the TLC's. */
public final class ZoneList {

    private static final String RESOURCE = "/demo/zones.csv";

    private final List<Zone> all;
    private final List<Zone> yellow;
    private final List<Zone> airports;

    private ZoneList(List<Zone> all) {
        this.all = all;
        this.yellow = all.stream().filter(ZoneList::isYellow).toList();
        this.airports = all.stream().filter(ZoneList::isAirport).toList();
    }

    public static ZoneList load() {
        try (var lines = new BufferedReader(
                new InputStreamReader(ZoneList.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8))) {
            return new ZoneList(lines.lines().skip(1).map(ZoneList::zone).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<Zone> all() {
        return all;
    }

    /** Yellow taxis are hailed in the yellow zone, or queue at an airport; elsewhere seldom. */
    public Zone anyPickup(RandomGenerator random) {
        return any(random, 0.88, 0.07);
    }

    public Zone anyDropoff(RandomGenerator random) {
        return any(random, 0.82, 0.05);
    }

    private Zone any(RandomGenerator random, double yellowShare, double airportShare) {
        double dice = random.nextDouble();
        List<Zone> zones = dice < yellowShare ? yellow : dice < yellowShare + airportShare ? airports : all;
        return zones.get(random.nextInt(zones.size()));
    }

    /** Lower and middle Manhattan. */
    public static boolean isYellow(Zone zone) {
        return zone.getServiceZone().equals("Yellow Zone");
    }

    public static boolean isAirport(Zone zone) {
        return zone.getServiceZone().equals("Airports");
    }

    public static boolean isJfk(Zone zone) {
        return zone.getZone().equals("JFK Airport");
    }

    private static Zone zone(String line) {
        String[] fields = line.split(",");
        return new Zone(Integer.parseInt(fields[0]), fields[1], fields[2], fields[3]);
    }
}
