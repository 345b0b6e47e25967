package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.stack.FaultPoint;
import dev.leat.stack.LeatProcess;
import dev.leat.stack.PgProxy;
import dev.leat.stack.PgStatement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The application dies, or its connections do, at each boundary of a batch's way. A proxy in front of Postgres holds it
 * exactly there. Whatever healthy process goes on then has each ride once, in views and lake, and checkpoints to match.
 */
@ExtendWith(ProcessLogs.class)
class BoundaryFaultsIT {

    private static final int RIDES = 1_200;
    private static final int SOME_BATCHES = 8;
    private static final Map<String, String> SMALL_BATCHES = Map.of(
            "leat.ingest.batch-records",
            "50",
            // A batch that is held, or a slow machine, makes the others no smaller.
            "leat.ingest.batch-within",
            "1m",
            "leat.ingest.drain-within",
            "2s",
            // A process that is started after another was killed takes its place in the group at once.
            Scenario.INSTANCE,
            "leat",
            // Longer than anybody is held.
            "quarkus.datasource.reactive.additional-properties.idle_in_transaction_session_timeout",
            Long.toString(2 * Waits.AT_MOST.toMillis()));

    private static final String ADVANCE_CHECKPOINT = "UPDATE leat.checkpoint";
    private static final String INSERT_LAST = "INSERT INTO \"views\".\"rides_log\"";
    private static final Predicate<PgStatement> ADVANCE = s -> s.startsWith(ADVANCE_CHECKPOINT);
    private static final Predicate<PgStatement> LAST_VIEW = s -> s.startsWith(INSERT_LAST);
    private static final Predicate<PgStatement> COMMIT_OF_RIDES = s -> s.isCommit() && s.follows(INSERT_LAST);
    private static final Predicate<PgStatement> MANIFEST = s -> s.startsWith("INSERT INTO leat.lake_file");

    private Scenario scenario;
    private PgProxy proxy;
    private ExactlyOnce once;

    @BeforeEach
    void start() throws IOException, InterruptedException, ExecutionException {
        scenario = new Scenario("boundary");
        proxy = PgProxy.to(scenario.database);
        once = ExactlyOnce.in(scenario);
        Rides.send(scenario, RIDES);
    }

    @AfterEach
    void stop() {
        proxy.close();
        scenario.close();
    }

    @Test
    void killed_before_a_batch_is_applied() {
        // Given
        FaultPoint point = proxy.holdBefore(after(SOME_BATCHES, ADVANCE));
        LeatProcess leat = scenario.startThrough(proxy, SMALL_BATCHES);
        point.awaitReached();

        // When
        leat.kill9();

        // Then
        once.assertWhole();
        assertAnotherProcessFinishes();
    }

    @Test
    void killed_when_the_last_view_has_its_rows_and_nobody_knows() {
        // Given
        FaultPoint point = proxy.holdAnswer(after(SOME_BATCHES, LAST_VIEW));
        LeatProcess leat = scenario.startThrough(proxy, SMALL_BATCHES);
        point.awaitReached();

        // When
        leat.kill9();

        // Then
        once.assertWhole();
        assertAnotherProcessFinishes();
    }

    @Test
    void killed_before_the_commit_reaches_postgres() {
        // Given
        FaultPoint point = proxy.holdBefore(COMMIT_OF_RIDES);
        LeatProcess leat = scenario.startThrough(proxy, SMALL_BATCHES);
        point.awaitReached();

        // When
        leat.kill9();

        // Then
        assertThat(once.applied()).isZero();
        once.assertWhole();
        assertAnotherProcessFinishes();
    }

    @Test
    void killed_after_the_commit_and_before_it_knows() {
        // Given
        FaultPoint point = proxy.holdAnswer(COMMIT_OF_RIDES);
        LeatProcess leat = scenario.startThrough(proxy, SMALL_BATCHES);
        point.awaitReached();
        assertThat(once.applied()).describedAs("committed, and no lane knows").isPositive();

        // When
        leat.kill9();

        // Then
        once.assertWhole();
        assertAnotherProcessFinishes();
    }

    @Test
    void cut_off_after_the_commit_it_finds_out_and_goes_on_by_itself() {
        // Given
        FaultPoint point = proxy.holdAnswer(COMMIT_OF_RIDES);
        LeatProcess leat = scenario.startThrough(proxy, SMALL_BATCHES);
        point.awaitReached();
        assertThat(once.applied()).describedAs("committed, and no lane knows").isPositive();

        // When
        point.cut();

        // Then
        once.awaitRides(RIDES);
        assertThat(leat.log())
                .contains("outage, lane waits", "outage over, lane goes on")
                .describedAs("it asked for the checkpoint and knew")
                .doesNotContain("lane reopens");
    }

    @Test
    void cut_off_before_the_commit_it_applies_the_batch_again_by_itself() {
        // Given
        FaultPoint point = proxy.holdBefore(after(SOME_BATCHES, COMMIT_OF_RIDES));
        LeatProcess leat = scenario.startThrough(proxy, SMALL_BATCHES);
        point.awaitReached();

        // When
        point.cut();

        // Then
        once.awaitRides(RIDES);
        assertThat(leat.log()).contains("outage, lane waits", "outage over, lane goes on");
    }

    @Test
    void killed_between_a_parquet_file_and_its_place_in_the_manifest() throws IOException {
        // Given
        FaultPoint point = proxy.holdBefore(MANIFEST);
        LeatProcess leat = scenario.startThrough(proxy, SMALL_BATCHES);
        point.awaitReached();
        Set<Path> strays = completeFiles();
        assertThat(strays).describedAs("complete, and not in the manifest").isNotEmpty();
        assertThat(scenario.count("SELECT count(*) FROM leat.lake_file")).isZero();

        // When
        leat.kill9();

        // Then
        assertAnotherProcessFinishes();
        assertThat(completeFiles()).isEqualTo(manifest());
    }

    @Test
    void cut_off_after_the_manifest_is_committed_the_lake_finds_out_and_goes_on_by_itself() throws IOException {
        // Given
        FaultPoint point = proxy.holdAnswer(s -> s.isCommit() && s.follows("INSERT INTO leat.lake_file"));
        scenario.startThrough(proxy, SMALL_BATCHES);
        point.awaitReached();
        assertThat(scenario.count("SELECT count(*) FROM leat.lake_file")).isPositive();

        // When
        point.cut();

        // Then
        once.awaitRides(RIDES);
        assertThat(completeFiles()).isEqualTo(manifest());
    }

    @Test
    void a_commit_that_arrives_while_its_partition_goes_elsewhere_counts_and_the_new_owner_waits_for_it() {
        // Given
        FaultPoint point = proxy.holdBefore(COMMIT_OF_RIDES);
        LeatProcess old = scenario.startThrough(proxy, SMALL_BATCHES);
        point.awaitReached();

        // When
        scenario.start(joining());
        await("the new owner waits for the row of a lane's checkpoint")
                .pollInterval(Duration.ofMillis(50))
                .until(() -> scenario.count("SELECT count(*) FROM pg_stat_activity WHERE datname = '" + scenario.name
                                + "' AND wait_event_type = 'Lock' AND query LIKE '%leat.checkpoint%'")
                        > 0);
        assertThat(once.applied()).isZero();
        point.release();

        // Then
        once.awaitRides(RIDES);
        assertThat(old.log()).contains("its batch is left to the next owner");
    }

    @Test
    void a_batch_that_begins_after_its_partition_went_elsewhere_is_fenced() {
        // Given
        FaultPoint point = proxy.holdBefore(ADVANCE);
        AtomicInteger refused = new AtomicInteger();
        proxy.holdBefore(
                s -> s.startsWith("ROLLBACK") && s.follows(ADVANCE_CHECKPOINT) && refused.incrementAndGet() < 0);
        scenario.startThrough(proxy, SMALL_BATCHES);
        point.awaitReached();

        // When
        scenario.start(joining());
        await("the new owner has applied its half")
                .pollInterval(Duration.ofMillis(50))
                .until(() -> scenario.count("SELECT count(*) FROM leat.checkpoint WHERE topic = '" + scenario.rides
                                + "' AND next_offset > 0")
                        == 3);
        point.release();

        // Then
        once.awaitRides(RIDES);
        assertThat(refused)
                .describedAs("batches of the old owner that found their checkpoint moved")
                .hasPositiveValue();
    }

    @Test
    void a_manifest_that_is_committed_after_its_partition_went_elsewhere_is_fenced() throws IOException {
        // Given
        FaultPoint point = proxy.holdBefore(s -> s.startsWith("UPDATE leat.lake_checkpoint"));
        LeatProcess old = scenario.startThrough(proxy, SMALL_BATCHES);
        point.awaitReached();
        assertThat(completeFiles()).isNotEmpty();

        // When
        scenario.start(joining());
        await("the new owner's files count")
                .until(() -> scenario.count("SELECT count(DISTINCT partition) FROM leat.lake_file") == 3);
        point.release();

        // Then
        once.awaitRides(RIDES);
        assertThat(completeFiles()).isEqualTo(manifest());
        assertThat(old.isAlive()).isTrue();
    }

    private static Map<String, String> joining() {
        Map<String, String> settings = new HashMap<>(SMALL_BATCHES);
        settings.put(Scenario.INSTANCE, "joining");
        return settings;
    }

    /** Passes the first ones. */
    private static Predicate<PgStatement> after(int some, Predicate<PgStatement> which) {
        AtomicInteger seen = new AtomicInteger();
        return statement -> which.test(statement) && seen.incrementAndGet() > some;
    }

    private void assertAnotherProcessFinishes() {
        scenario.start(SMALL_BATCHES);
        once.awaitRides(RIDES);
    }

    private Set<Path> completeFiles() throws IOException {
        try (Stream<Path> files = Files.walk(scenario.lake())) {
            return files.filter(file -> file.toString().endsWith(".parquet")).collect(Collectors.toSet());
        }
    }

    private Set<Path> manifest() {
        List<List<Object>> paths = scenario.rows("SELECT path FROM leat.lake_file");
        return paths.stream()
                .map(row -> scenario.lake().resolve((String) row.getFirst()))
                .collect(Collectors.toSet());
    }
}
