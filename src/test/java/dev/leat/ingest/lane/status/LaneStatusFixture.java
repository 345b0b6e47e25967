package dev.leat.ingest.lane.status;

import dev.leat.failure.Failures;
import dev.leat.retry.QuickRetry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/** The status of a lane that nobody else has. */
public final class LaneStatusFixture {

    private LaneStatusFixture() {}

    public static LaneStatus of(TopicPartition partition, Failures failures) {
        return new LaneStatus(
                partition, new QuickRetry(), new LaneMeters(new SimpleMeterRegistry(), new DeadLetterLog()), failures);
    }

    /** Turns that nobody else takes. */
    public static LaneTurns turns() {
        return new LaneTurns(16, 1);
    }

    /** The same; whoever watches sees each attempt wait for a lock. */
    public static LaneTurns turnsBehindLocks() {
        return new LaneTurns(16, 1) {
            @Override
            public <T> T take(String topic, LaneStatus status, Supplier<T> work) throws InterruptedException {
                return super.take(topic, status, () -> {
                    try {
                        return work.get();
                    } finally {
                        status.blocked("waits for a lock");
                    }
                });
            }
        };
    }
}
