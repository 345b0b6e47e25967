package dev.leat.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * From the producer's acknowledgement until a query finds the row, while rides come at an even pace and all views and the
 * lake are kept. About a hundred rides a second are watched, by asking Postgres for them again and again.
 */
final class Latency {

    /** Until three JVMs on two cores have compiled what they are going to. */
    private static final int WARM_SECONDS = 60;

    private static final int WATCHED_A_SECOND = 100;
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Servers servers;
    private final RideTopic topic;
    private final int rate;
    private final Map<Integer, Long> acknowledged = new ConcurrentHashMap<>();
    private final List<Double> millis = Collections.synchronizedList(new ArrayList<>());

    /** @param topic is empty, and has as many rides as are sent */
    private Latency(Servers servers, RideTopic topic, int rate) {
        this.servers = servers;
        this.topic = topic;
        this.rate = rate;
    }

    static int rides(int rate) {
        return rate * (WARM_SECONDS + Options.SECONDS);
    }

    /** A row of Markdown. */
    static String measure(Run run, Started leat, int rate) {
        Latency latency = new Latency(run.servers(), run.topic(), rate);
        try (Postgres postgres = new Postgres(run.database())) {
            Thread producing = Thread.ofPlatform().name("producing").start(latency::produce);
            latency.watch(postgres, leat, producing);
        }
        List<Double> sorted = latency.millis.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "| %,d events/s | %.0f ms | %.0f ms | %.0f ms |%n",
                rate,
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 99 / 100),
                sorted.getLast());
    }

    private void produce() {
        int id = servers.register(topic.name() + "-value", topic.contract());
        RideTopic.RideEncoder encoder = new RideTopic.RideEncoder(id, topic);
        try (KafkaProducer<byte[], byte[]> producer = RideTopic.producer(servers, 0)) {
            long begin = System.nanoTime();
            for (int i = 0; i < topic.rows(); i++) {
                long due = begin + i * 1_000_000_000L / rate;
                while (due - System.nanoTime() > 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                int number = i;
                producer.send(encoder.record(i), (metadata, failure) -> {
                    if (failure == null && isWatched(number)) {
                        acknowledged.put(number, System.nanoTime());
                    }
                });
            }
        }
    }

    /** New keys only, so that none of them can be replaced before it is seen. */
    private boolean isWatched(int i) {
        return i >= rate * WARM_SECONDS && i % (rate / WATCHED_A_SECOND) == 0;
    }

    private void watch(Postgres postgres, Started leat, Thread producing) {
        long deadline = Long.MAX_VALUE;
        while (producing.isAlive() || !acknowledged.isEmpty()) {
            if (!producing.isAlive() && deadline == Long.MAX_VALUE) {
                deadline = System.nanoTime() + GRACE.toNanos();
            }
            if (!leat.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError(acknowledged.size() + " rides were never seen; " + leat.lastWords());
            }
            String[] awaited = acknowledged.keySet().stream().map(topic::rideId).toArray(String[]::new);
            List<Long> seen = postgres.numbers(
                    "SELECT ride_number FROM views.rides_latest WHERE ride_id = ANY (?)", (Object) awaited);
            long now = System.nanoTime();
            seen.forEach(number -> millis.add((now - acknowledged.remove(number.intValue())) / 1e6));
            LockSupport.parkNanos(500_000);
        }
    }
}
