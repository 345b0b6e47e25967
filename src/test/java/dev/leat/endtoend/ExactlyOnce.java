package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.stack.LeatProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** What must hold in the end, whatever happened before. Looks at tables, checkpoints and files, not at the application. */
final class ExactlyOnce {

    private final Scenario scenario;

    private ExactlyOnce(Scenario scenario) {
        this.scenario = scenario;
    }

    static ExactlyOnce in(Scenario scenario) {
        return new ExactlyOnce(scenario);
    }

    /** How far the views are, in events of the topic. */
    long applied() {
        return scenario.count("SELECT sum(next_offset) FROM leat.checkpoint WHERE topic = '" + scenario.rides + "'");
    }

    /** Partition and next offset of each lane. */
    List<List<Object>> checkpoints() {
        return scenario.rows(
                "SELECT partition, next_offset FROM leat.checkpoint WHERE topic = '" + scenario.rides + "' ORDER BY 1");
    }

    /** What is committed is whole: views and checkpoints speak of the same events. Holds at any time. */
    void assertWhole() {
        assertThat(scenario.rows(
                        "SELECT (SELECT count(*) FROM views.rides_log), (SELECT count(*) FROM views.rides_latest),"
                                + " (SELECT sum(next_offset)::bigint FROM leat.checkpoint WHERE topic = '"
                                + scenario.rides
                                + "')"))
                .describedAs("rows of the log, rows of latest, events below the checkpoints")
                .satisfiesExactly(
                        row -> assertThat(row.get(0)).isEqualTo(row.get(1)).isEqualTo(row.get(2)));
    }

    /** How many events the topic has by now. */
    long produced() {
        return endOffsets(scenario, scenario.rides).stream()
                .mapToLong(end -> (Long) end.get(1))
                .sum();
    }

    /** Ends a generator that sent rides until now; how many there are. */
    int ended(LeatProcess generator) {
        assertThat(generator.isAlive()).describedAs("rides still flow").isTrue();
        generator.terminate();
        return Math.toIntExact(produced());
    }

    /** Waits until that many rides, each with an id of its own, are in the views and in the lake; then looks closely. */
    void awaitRides(int rides) {
        await().pollInterval(Duration.ofMillis(100))
                .until(() -> applied() >= rides
                        && scenario.count("SELECT sum(rows) FROM leat.lake_file WHERE stream = 'rides'") >= rides);
        assertRides(rides);
    }

    private void assertRides(int rides) {
        List<List<Object>> allOfThem = List.of(List.of((long) rides, (long) rides));
        assertThat(scenario.rows("SELECT count(*), count(DISTINCT ride_id) FROM views.rides_log"))
                .describedAs("the log")
                .isEqualTo(allOfThem);
        assertThat(scenario.rows("SELECT count(*), count(DISTINCT ride_id) FROM views.rides_latest"))
                .describedAs("latest")
                .isEqualTo(allOfThem);
        assertThat(scenario.duckdb("rides", "SELECT count(*), count(DISTINCT ride_id) FROM LAKE"))
                .describedAs("the lake")
                .isEqualTo(allOfThem);
        assertThat(scenario.duckdb("SELECT count(*), count(DISTINCT ride_id) FROM read_parquet('" + scenario.lake()
                        + "/rides/**/*.parquet')"))
                .describedAs("the lake's folder, without asking the manifest")
                .isEqualTo(allOfThem);
        assertThat(checkpoints()).describedAs("the checkpoints").isEqualTo(endOffsets(scenario, scenario.rides));
        assertThat(scenario.rows(
                        "SELECT partition, next_offset FROM leat.lake_checkpoint WHERE stream = 'rides' ORDER BY 1"))
                .describedAs("the lake's checkpoints")
                .isEqualTo(endOffsets(scenario, scenario.rides));
        assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter"))
                .describedAs("dead letters")
                .isZero();
    }

    /** Partition and end of its log, for each partition of the topic. */
    static List<List<Object>> endOffsets(Scenario scenario, String topic) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", scenario.stack.kafka()))) {
            int partitions = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .size();
            List<List<Object>> ends = new ArrayList<>();
            for (int p = 0; p < partitions; p++) {
                TopicPartition partition = new TopicPartition(topic, p);
                ends.add(List.of(
                        p,
                        admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                .partitionResult(partition)
                                .get()
                                .offset()));
            }
            return ends;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
