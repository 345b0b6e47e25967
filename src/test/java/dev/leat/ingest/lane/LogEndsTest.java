package dev.leat.ingest.lane;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.failure.Failures;
import dev.leat.ingest.lane.status.LaneStatus;
import dev.leat.ingest.lane.status.LaneStatusFixture;
import dev.leat.ingest.topic.LogRange;
import dev.leat.pipeline.Stream;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.time.TimeFixture;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lane asks where its log ends, and gets no answer. */
class LogEndsTest {

    private static final TopicPartition LANE = new TopicPartition("t", 0);

    private final ViewsFixture database = new ViewsFixture();
    private final Stream stream = SqlFixture.read("""
            streams: {s: {topic: t, key: id, event-time: at}}
            views: {v: {log: s}}
            """).stream("s");
    private CompletableFuture<LogRange> answer;
    private LogEnds logEnds;

    @BeforeEach
    void open() {
        LaneStatus status = LaneStatusFixture.of(LANE, new Failures(InstantSource.system()));
        TimeFixture time = new TimeFixture(database, stream).closes("windows", 0, "s");
        PartitionConsumer consumer = (PartitionConsumer) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {PartitionConsumer.class},
                (proxy, method, arguments) -> answer);
        logEnds = new LogEnds(LANE, consumer, List.of(stream), time.times(), status);
        logEnds.open();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void while_kafka_is_away_nobody_can_say_so_and_the_lane_goes_on() {
        answer = CompletableFuture.failedFuture(new DisconnectException());

        assertThatCode(() -> logEnds.look(0)).doesNotThrowAnyException();
    }

    @Test
    void what_is_no_outage_is_the_lanes_failure() {
        answer = CompletableFuture.failedFuture(new IllegalStateException("planted"));

        assertThatThrownBy(() -> logEnds.look(0)).hasMessage("planted");
    }
}
