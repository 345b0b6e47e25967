package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.stack.FaultPoint;
import dev.leat.stack.LeatProcess;
import dev.leat.stack.PgProxy;
import dev.leat.stack.PgStatement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An instance stalls with a batch in hand (a long pause of the garbage collector, a machine that was suspended), the
 * group gives its partitions to another, and then it wakes.
 */
@ExtendWith(ProcessLogs.class)
class StalledInstanceIT {

    private static final int PER_SECOND = 300;
    private static final Predicate<PgStatement> OF_RIDES = s -> s.follows("INSERT INTO \"views\".\"rides_log\"");

    private final Scenario scenario = new Scenario("stalled");
    private final PgProxy proxy = PgProxy.to(scenario.database);
    private final ExactlyOnce once = ExactlyOnce.in(scenario);
    private LeatProcess generator;

    @AfterEach
    void stop() {
        proxy.close();
        scenario.close();
    }

    @Test
    void an_instance_that_wakes_after_its_partitions_went_elsewhere_changes_nothing_and_takes_part_again() {
        // Given
        LeatProcess stalled = twoInstances(Map.of());
        FaultPoint point = proxy.holdBefore(s -> s.startsWith("UPDATE leat.checkpoint"));
        point.awaitReached();

        // When
        stalled.pause();
        awaitAllLanesBeyond(once.checkpoints());
        wake(stalled, point);

        // Then
        once.awaitRides(once.ended(generator));
    }

    @Test
    void an_instance_that_stalls_in_a_transaction_holds_its_lanes_no_longer_than_postgres_allows() {
        // Given
        LeatProcess stalled = twoInstances(Map.of(
                "quarkus.datasource.reactive.additional-properties.idle_in_transaction_session_timeout", "9000"));
        FaultPoint point = proxy.holdBefore(s -> s.isCommit() && OF_RIDES.test(s));
        point.awaitReached();

        // When
        stalled.pause();
        awaitAllLanesBeyond(once.checkpoints());
        wake(stalled, point);

        // Then
        once.awaitRides(once.ended(generator));
    }

    /** Returns the one behind the proxy when both have lanes. */
    private LeatProcess twoInstances(Map<String, String> settings) {
        LeatProcess behindProxy = scenario.startThrough(proxy, settings);
        LeatProcess other = scenario.start(Map.of());
        generator =
                scenario.startGenerator(Map.of("leat.demo.rate", Integer.toString(PER_SECOND), "leat.demo.seed", "13"));
        await().until(() -> lanesOpened(behindProxy) > 0 && lanesOpened(other) > 0);
        await().until(() -> once.applied() > PER_SECOND);
        return behindProxy;
    }

    /** Those of the stalled instance too, so its partitions have gone elsewhere and on. */
    private void awaitAllLanesBeyond(List<List<Object>> before) {
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            List<List<Object>> now = once.checkpoints();
            return IntStream.range(0, before.size())
                    .allMatch(
                            i -> (long) now.get(i).get(1) > (long) before.get(i).get(1));
        });
    }

    private void wake(LeatProcess stalled, FaultPoint point) {
        long lanes = lanesOpened(stalled);
        stalled.resume();
        point.release();
        await("the woken instance takes part again").until(() -> lanesOpened(stalled) > lanes);
        assertThat(generator.isAlive()).describedAs("while rides still flow").isTrue();
    }

    private long lanesOpened(LeatProcess leat) {
        return leat.log()
                .lines()
                .filter(line -> line.contains("lane open topic=" + scenario.rides))
                .count();
    }
}
