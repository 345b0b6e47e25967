package dev.leat.view.lane;

import static java.util.stream.Collectors.averagingDouble;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leat.pipeline.PipelineFiles;
import dev.leat.schema.topic.ContractShape;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The shipped tutorials over real rides of New York, in a random order, by two lanes in random batches with a restart in
 * between, against plain Java.
 */
class ExamplesTest {

    private static final Path DATA = Path.of("src", "test", "resources", "taxi");
    /** What the views look at. */
    private record Ride(String id, int vendor, OffsetDateTime at, double miles, int zone, double total) {}

    private static ViewsFixture database;
    private static SqlFixture views;
    private static List<Ride> rides;
    private static Map<Integer, String> zones;

    @BeforeAll
    static void apply() throws IOException {
        database = new ViewsFixture();
        views = new SqlFixture(
                database,
                PipelineFiles.read("classpath:examples/tutorials/pipeline.yaml"),
                Map.of(
                        "rides", ContractShape.of("avro/TaxiRide.avsc"),
                        "zones", ContractShape.of("avro/Zone.avsc"),
                        "payments", ContractShape.of("avro/RidePaid.avsc")));
        zones = zones();
        zones.forEach((id, name) -> views.event("zones", 0, (long) id, "a borough", name, "a service"));
        views.flush();

        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<String[]> lines = lines("rides.csv");
        rides = new ArrayList<>();
        IntStream.range(0, lines.size()).forEach(i -> rides.add(ride(i, lines.get(i))));
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, lines.size()).boxed().toList());
        Collections.shuffle(order, random);
        for (int i : order) {
            views.event("rides", random.nextInt(2), values(rides.get(i), lines.get(i)));
            if (i % 2 == 0) {
                long paid =
                        micros(rides.get(i).at()) + Duration.ofMinutes(i % 20).toNanos() / 1000;
                views.event("payments", 0, rides.get(i).id(), paid, new BigDecimal("12.50"), "CARD");
            }
            if (random.nextInt(20) == 0) {
                views.flush();
            }
            if (i == 100) {
                views.flush();
                views.restart();
            }
        }
        views.flush();
    }

    @AfterAll
    static void end() {
        database.close();
    }

    private static List<String[]> lines(String file) throws IOException {
        return Files.readAllLines(DATA.resolve(file)).stream()
                .skip(1)
                .map(line -> line.replace("\"", "").split(",", -1))
                .toList();
    }

    private static Map<Integer, String> zones() throws IOException {
        Map<Integer, String> names = new HashMap<>();
        lines("taxi_zone_lookup.csv").forEach(zone -> names.put(Integer.parseInt(zone[0]), zone[2]));
        return names;
    }

    private static Ride ride(int number, String[] line) {
        return new Ride(
                "ride-" + number,
                line[0].isEmpty() ? 0 : Integer.parseInt(line[0]),
                time(line[1]),
                Double.parseDouble(line[4]),
                Integer.parseInt(line[7]),
                Double.parseDouble(line[16]));
    }

    private static OffsetDateTime time(String text) {
        return LocalDateTime.parse(text.replace(' ', 'T')).atOffset(ZoneOffset.UTC);
    }

    private static long micros(OffsetDateTime at) {
        return ChronoUnit.MICROS.between(OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC), at);
    }

    /** In the order of the contract's columns. */
    private static Object[] values(Ride ride, String[] line) {
        return new Object[] {
            ride.id(),
            (long) ride.vendor(),
            micros(ride.at()),
            micros(time(line[2])),
            whole(line[3]),
            ride.miles(),
            whole(line[5]),
            line[6].isEmpty() ? null : line[6],
            (long) ride.zone(),
            whole(line[8]),
            line[9].isEmpty() ? (Long) 5L : whole(line[9]),
            Double.parseDouble(line[10]),
            Double.parseDouble(line[11]),
            Double.parseDouble(line[12]),
            Double.parseDouble(line[13]),
            Double.parseDouble(line[14]),
            Double.parseDouble(line[15]),
            ride.total(),
            line[17].isEmpty() ? null : (Double) Double.parseDouble(line[17])
        };
    }

    private static Long whole(String text) {
        return text.isEmpty() ? null : (Long) (long) Double.parseDouble(text);
    }

    @Test
    void rides_by_vendor() {
        List<List<Object>> rows =
                views.rows("SELECT vendor_id, rides, revenue, miles FROM views.rides_by_vendor ORDER BY 1");

        Map<Integer, List<Ride>> byVendor =
                rides.stream().collect(groupingBy(Ride::vendor, TreeMap::new, java.util.stream.Collectors.toList()));
        assertThat(rows).hasSize(byVendor.size());
        int row = 0;
        for (var vendor : byVendor.entrySet()) {
            List<Object> actual = rows.get(row++);
            assertThat(actual.get(0)).isEqualTo(vendor.getKey());
            assertThat(actual.get(1)).isEqualTo((long) vendor.getValue().size());
            assertThat((double) actual.get(2))
                    .isCloseTo(
                            vendor.getValue().stream().mapToDouble(Ride::total).sum(), within(1e-6));
            assertThat((double) actual.get(3))
                    .isCloseTo(vendor.getValue().stream().collect(averagingDouble(Ride::miles)), within(1e-9));
        }
    }

    @Test
    void rides_by_vendor_and_minute() {
        Map<List<Object>, Double> expected = new HashMap<>();
        Map<List<Object>, Long> counts = new HashMap<>();
        for (Ride ride : rides) {
            List<Object> key = List.of(ride.vendor(), ride.at().truncatedTo(ChronoUnit.MINUTES));
            expected.merge(key, ride.miles(), Math::max);
            counts.merge(key, 1L, Long::sum);
        }

        List<List<Object>> rows =
                views.rows("SELECT vendor_id, minute, rides, longest, final FROM views.rides_by_vendor_and_minute");

        assertThat(rows).hasSize(expected.size()).allSatisfy(row -> {
            List<Object> key = List.of(row.get(0), row.get(1));
            assertThat(row.subList(2, 5)).isEqualTo(List.of(counts.get(key), expected.get(key), false));
        });
    }

    @Test
    void busy_quarters_hop_every_five_minutes() {
        Map<OffsetDateTime, Long> counts = new HashMap<>();
        for (Ride ride : rides) {
            OffsetDateTime last = ride.at()
                    .truncatedTo(ChronoUnit.HOURS)
                    .plusMinutes(ride.at().getMinute() / 5 * 5L);
            for (int back = 0; back < 15; back += 5) {
                counts.merge(last.minusMinutes(back), 1L, Long::sum);
            }
        }
        counts.values().removeIf(count -> count <= 5);

        List<List<Object>> rows = views.rows("SELECT quarter, rides FROM views.busy_quarters");

        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(counts.entrySet().stream()
                        .map(e -> List.<Object>of(e.getKey(), e.getValue()))
                        .toList());
        assertThat(rows).isNotEmpty();
    }

    @Test
    void shifts_end_where_a_vendor_has_no_ride_for_ten_minutes() {
        List<List<Object>> expected = new ArrayList<>();
        rides.stream().collect(groupingBy(Ride::vendor)).forEach((vendor, theirs) -> {
            List<OffsetDateTime> times = theirs.stream().map(Ride::at).sorted().toList();
            OffsetDateTime begin = times.getFirst();
            long count = 0;
            for (int i = 0; i < times.size(); i++) {
                count++;
                boolean ends = i == times.size() - 1
                        || !times.get(i + 1).isBefore(times.get(i).plusMinutes(10));
                if (ends) {
                    expected.add(List.of(vendor, begin, count));
                    count = 0;
                    begin = i == times.size() - 1 ? null : times.get(i + 1);
                }
            }
        });

        assertThat(views.rows("SELECT vendor_id, shift, rides FROM views.shifts"))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void rides_branch_to_two_topics() {
        assertThat(views.rows("SELECT convert_from(key, 'UTF8') FROM leat.outbox WHERE topic = 'taxi.rides.over40'"))
                .containsExactlyInAnyOrderElementsOf(
                        ids(rides.stream().filter(r -> r.total() >= 40).toList()));
        assertThat(views.rows("SELECT convert_from(key, 'UTF8') FROM leat.outbox WHERE topic = 'taxi.rides.under40'"))
                .containsExactlyInAnyOrderElementsOf(
                        ids(rides.stream().filter(r -> r.total() < 40).toList()));
    }

    private static List<List<Object>> ids(Collection<Ride> some) {
        return some.stream().map(r -> List.<Object>of(r.id())).toList();
    }

    @Test
    void rides_are_joined_with_zones_as_they_are() {
        assertThat(views.rows("SELECT ride_id, coalesce(zone, '-') FROM views.rides_with_zones"))
                .containsExactlyInAnyOrderElementsOf(rides.stream()
                        .map(r -> List.<Object>of(r.id(), zones.getOrDefault(r.zone(), "-")))
                        .toList());
    }

    @Test
    void rides_are_joined_with_zones_as_they_were() {
        // The zones were told at Kafka's timestamp 0, in front of all rides.
        assertThat(views.rows("SELECT ride_id, coalesce(zone, '-') FROM views.rides_with_zones_then"))
                .containsExactlyInAnyOrderElementsOf(rides.stream()
                        .map(r -> List.<Object>of(r.id(), zones.getOrDefault(r.zone(), "-")))
                        .toList());
    }

    @Test
    void rides_are_joined_with_what_was_paid_within_ten_minutes() {
        List<List<Object>> expected = IntStream.range(0, rides.size())
                .filter(i -> i % 2 == 0 && i % 20 <= 10)
                .mapToObj(i -> List.<Object>of(rides.get(i).id(), rides.get(i).total()))
                .toList();

        assertThat(views.rows("SELECT ride_id, total_amount FROM views.rides_paid"))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void what_was_paid_is_counted_by_minute() {
        Map<OffsetDateTime, List<Ride>> paid = IntStream.range(0, rides.size())
                .filter(i -> i % 2 == 0 && i % 20 <= 10)
                .mapToObj(rides::get)
                .collect(groupingBy(r -> r.at().truncatedTo(ChronoUnit.MINUTES)));

        assertThat(views.rows(
                        "SELECT minute, payments, (paid / 12.5)::integer, vendors, final FROM views.paid_by_minute"))
                .containsExactlyInAnyOrderElementsOf(paid.entrySet().stream()
                        .map(e -> List.<Object>of(
                                e.getKey(),
                                (long) e.getValue().size(),
                                e.getValue().size(),
                                e.getValue().stream()
                                        .map(Ride::vendor)
                                        .distinct()
                                        .count(),
                                false))
                        .toList());
    }

    @Test
    void a_ride_is_not_unpaid_before_nobody_can_pay_for_it_in_time() {
        assertThat(views.rows("SELECT 1 FROM leat.outbox WHERE topic = 'taxi.rides.unpaid'"))
                .isEmpty();
        assertThat(views.rows("SELECT count(*) FROM views_state.rides_unpaid__rides WHERE NOT _matched"))
                .containsExactly(List.of((long) rides.size()
                        - IntStream.range(0, rides.size())
                                .filter(i -> i % 2 == 0 && i % 20 <= 10)
                                .count()));
    }

    @Test
    void the_most_popular_zone_of_each_hour() {
        Map<OffsetDateTime, Map<String, Long>> byHour = rides.stream()
                .filter(r -> zones.containsKey(r.zone()))
                .collect(groupingBy(
                        r -> r.at().truncatedTo(ChronoUnit.HOURS), groupingBy(r -> zones.get(r.zone()), counting())));
        List<List<Object>> expected = byHour.entrySet().stream()
                .map(hour -> {
                    var most = hour.getValue().entrySet().stream()
                            .min(Comparator.comparing((Map.Entry<String, Long> e) -> -e.getValue())
                                    .thenComparing(Map.Entry::getKey))
                            .orElseThrow();
                    return List.<Object>of(hour.getKey(), most.getValue());
                })
                .toList();

        // Which of two zones comes first that are as popular depends on the collation.
        assertThat(views.rows("SELECT hour, rides FROM views.most_popular_zones"))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void the_latest_state_of_each_ride() {
        assertThat(views.rows("SELECT ride_id FROM views.rides_latest"))
                .containsExactlyInAnyOrderElementsOf(ids(rides));
    }
}
