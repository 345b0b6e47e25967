package dev.leat.benchmark;

import java.util.Arrays;
import java.util.stream.IntStream;

/** One row a key. How far it is, is told by the newest of some rides that are spread over the topic. */
final class LatestTable implements Sink {

    private static final int MARKERS = 40;

    private final Postgres postgres;
    private final String table;
    private final RideTopic topic;
    private final String[] markers;
    private final int[] last;

    LatestTable(Postgres postgres, String table, RideTopic topic) {
        this.postgres = postgres;
        this.table = table;
        this.topic = topic;
        this.last = new int[topic.partitions()];
        IntStream.range(0, topic.rows()).forEach(i -> last[topic.partition(i)] = i);
        this.markers = IntStream.concat(spread(), Arrays.stream(last))
                .mapToObj(topic::rideId)
                .distinct()
                .toArray(String[]::new);
    }

    /** Dense at first, so that the first row is seen. */
    private IntStream spread() {
        int step = Math.max(topic.partitions(), topic.rows() / MARKERS);
        return IntStream.range(0, topic.rows())
                .filter(i -> i < 2 * topic.partitions() || i % step < topic.partitions());
    }

    @Override
    public long arrived() {
        int[] newest = new int[topic.partitions()];
        Arrays.fill(newest, -topic.partitions());
        String sql = "SELECT ride_number FROM " + table + " WHERE ride_id = ANY (?)";
        postgres.numbers(sql, (Object) markers).forEach(number -> {
            int i = Math.toIntExact(number);
            newest[topic.partition(i)] = Math.max(newest[topic.partition(i)], i);
        });
        long about = Math.round(Arrays.stream(newest).average().orElseThrow()) + topic.partitions();
        return Arrays.equals(newest, last) ? topic.rows() : Math.min(topic.rows() - 1L, about);
    }

    @Override
    public boolean isRight() {
        return count() == topic.keys() && sumOfNumbers() == expectedSumOfNumbers();
    }

    private long count() {
        return postgres.number("SELECT count(*) FROM " + table);
    }

    private long sumOfNumbers() {
        return postgres.number("SELECT sum(ride_number) FROM " + table);
    }

    /** Off if a row was overwritten by an older one. */
    private long expectedSumOfNumbers() {
        return IntStream.range(0, topic.rows())
                .filter(i -> topic.data().isLast(i, topic.rows()))
                .asLongStream()
                .sum();
    }

    @Override
    public String found() {
        return "%,d rows of %,d in %s, the sum of their numbers is %,d of %,d"
                .formatted(count(), topic.keys(), table, sumOfNumbers(), expectedSumOfNumbers());
    }
}
