package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static dev.leat.schema.topic.RideEvents.accepted;
import static dev.leat.schema.topic.RideEvents.finished;
import static dev.leat.schema.topic.RideEvents.paid;
import static dev.leat.schema.topic.RideEvents.requested;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.schema.topic.RideEvents;
import dev.leat.stack.LeatProcess;
import dev.leat.taxi.RideAccepted;
import dev.leat.taxi.RideFinished;
import dev.leat.taxi.RidePaid;
import dev.leat.taxi.RideRequested;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The packaged application's own fold, over four types of events on one topic, while the application is killed. */
@ExtendWith(ProcessLogs.class)
class FoldsIT {

    private static final long SEED = 7;
    private static final int RIDES = 4_000;
    private static final int PARTITIONS = 3;
    private static final Map<String, String> SMALL_BATCHES =
            Map.of("leat.ingest.batch-records", "50", "leat.ingest.batch-within", "1m", Scenario.INSTANCE, "leat");

    @Test
    void rides_go_through_their_life_cycles_exactly_once_though_the_application_is_killed() {
        try (Scenario scenario = new Scenario("folds", FoldsIT::pipeline, FoldsIT::topics)) {
            // Given
            Map<Schema, Integer> ids = register(scenario);
            List<SpecificRecord> events = interleaved(new Random(SEED));
            send(scenario, ids, events);

            // When
            for (int killAt : new int[] {2_000, 5_000}) {
                LeatProcess leat = scenario.start(SMALL_BATCHES);
                await().pollInterval(Duration.ofMillis(10)).until(() -> applied(scenario) >= killAt);
                leat.kill9();
                assertThat(applied(scenario)).isLessThan(events.size());
            }
            LeatProcess leat = scenario.start(SMALL_BATCHES);
            await().until(() -> applied(scenario) == events.size());

            // Then
            assertThat(scenario.rows("SELECT ride_id, status, fare, paid, payments FROM views.ride_lifecycle"))
                    .containsExactlyInAnyOrderElementsOf(oracle(events));
            assertThat(scenario.rows("SELECT DISTINCT reason, message FROM leat.dead_letter"))
                    .containsExactly(
                            List.of(
                                    "REFUSED_BY_VIEW",
                                    "fold ride_lifecycle refuses dev.leat.taxi.RideFinished: the ride is REQUESTED, not ACCEPTED"));
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isEqualTo(RIDES / 100);

            JsonNode ride = leat.awaitReady().get("/api/views/ride_lifecycle/r1");
            assertThat(ride.toString())
                    .contains("\"status\":\"PAID\"", "\"wait_seconds\":90", "\"fare\":\"21.00\"", "ride_requested");
        }
    }

    private static String pipeline(String name) {
        StringBuilder yaml = new StringBuilder("streams:\n");
        for (String type : List.of("Requested", "Accepted", "Finished", "Paid")) {
            yaml.append(
                    "  ride_%s: {topic: %s.lifecycle, contract: avro/Ride%s.avsc, subject: topic-record, key: ride_id}\n"
                            .formatted(type.toLowerCase(java.util.Locale.ROOT), name, type));
        }
        return yaml.append("""
                views:
                  ride_lifecycle:
                    fold: [ride_requested, ride_accepted, ride_finished, ride_paid]
                    with: ride_lifecycle
                  payments: {log: ride_paid}
                """).toString();
    }

    private static List<NewTopic> topics(String name) {
        return List.of(new NewTopic(name + ".lifecycle", PARTITIONS, (short) 1));
    }

    private static Map<Schema, Integer> register(Scenario scenario) {
        Map<Schema, Integer> ids = new HashMap<>();
        for (Schema type : List.of(
                RideRequested.getClassSchema(),
                RideAccepted.getClassSchema(),
                RideFinished.getClassSchema(),
                RidePaid.getClassSchema())) {
            ids.put(
                    type,
                    Framed.register(
                            scenario.stack, scenario.name + ".lifecycle-" + type.getFullName(), type.toString()));
        }
        return ids;
    }

    /** Events of many rides at once, those of each in order; every hundredth ride is never accepted, but finished. */
    private static List<SpecificRecord> interleaved(Random random) {
        List<List<SpecificRecord>> rides = new ArrayList<>();
        for (int i = 0; i < RIDES; i++) {
            String ride = "r" + i;
            List<SpecificRecord> events = new ArrayList<>(List.of(requested(ride)));
            if (i % 100 != 99) {
                events.add(accepted(ride));
            }
            events.add(finished(ride, (20 + i) + ".00"));
            if (i % 100 != 99 && i % 7 != 6) {
                events.add(paid(ride, "15.00"));
                events.add(paid(ride, (5 + i) + ".00"));
            }
            rides.add(events);
        }
        List<SpecificRecord> all = new ArrayList<>();
        int[] done = new int[RIDES];
        int first = 0;
        while (first < RIDES) {
            int ride = Math.min(RIDES - 1, first + random.nextInt(300));
            if (done[ride] < rides.get(ride).size()) {
                all.add(rides.get(ride).get(done[ride]++));
            }
            while (first < RIDES && done[first] == rides.get(first).size()) {
                first++;
            }
        }
        return all;
    }

    private static void send(Scenario scenario, Map<Schema, Integer> ids, List<SpecificRecord> events) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", scenario.stack.kafka()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (SpecificRecord event : events) {
                producer.send(new ProducerRecord<>(
                        scenario.name + ".lifecycle",
                        event.get(0).toString().getBytes(StandardCharsets.UTF_8),
                        RideEvents.framed(ids.get(event.getSchema()), event)));
            }
        }
    }

    /** The state machine once more, in plain Java. */
    private static List<List<Object>> oracle(List<SpecificRecord> events) {
        Map<String, Object[]> rides = new HashMap<>();
        for (SpecificRecord event : events) {
            Object[] ride = rides.computeIfAbsent(
                    event.get(0).toString(), id -> new Object[] {id, null, null, new BigDecimal("0.00"), 0});
            switch (event) {
                case RideRequested requested -> ride[1] = "REQUESTED";
                case RideAccepted accepted -> ride[1] = "ACCEPTED";
                case RideFinished finished -> {
                    if (ride[1].equals("ACCEPTED")) {
                        ride[1] = "FINISHED";
                        ride[2] = finished.getFare();
                    }
                }
                case RidePaid paid -> {
                    ride[3] = ((BigDecimal) ride[3]).add(paid.getAmount());
                    ride[4] = (Integer) ride[4] + 1;
                    ride[1] = ((BigDecimal) ride[3]).compareTo((BigDecimal) ride[2]) >= 0 ? "PAID" : ride[1];
                }
                default -> throw new AssertionError(event);
            }
        }
        List<List<Object>> rows = new ArrayList<>();
        rides.values().forEach(ride -> rows.add(java.util.Arrays.asList(ride)));
        return rows;
    }

    private static long applied(Scenario scenario) {
        return scenario.count(
                "SELECT sum(next_offset) FROM leat.checkpoint WHERE topic = '" + scenario.name + ".lifecycle'");
    }
}
