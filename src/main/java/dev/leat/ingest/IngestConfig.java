package dev.leat.ingest;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How much a lane takes at once, how much it keeps waiting, and how it waits for others. */
@ConfigMapping(prefix = "leat.ingest")
public interface IngestConfig {

    /**
     * Events in one transaction, at most. A lane takes fewer, down to a hundredth of this, while they take longer than
     * {@code batch-within}.
     */
    @WithDefault("10000")
    int batchRecords();

    /**
     * How long after one batch of a lane has begun the next one begins at the earliest, unless it would be full. The first
     * event after a pause waits for nothing, and events that come one by one don't cost a transaction each.
     */
    @WithDefault("20ms")
    Duration batchInterval();

    /** Bytes of keys and values in one transaction, at most (one event may be larger). */
    @WithDefault("8388608")
    long batchBytes();

    /** How long one transaction should take, at most. */
    @WithDefault("500ms")
    Duration batchWithin();

    /**
     * What the events that wait in this instance may take of its memory, in all its lanes together. A lane whose share is
     * used up pauses its partition; it may overshoot by what two polls bring: the one that uses it up, and the one that
     * batches are being taken of. Without it 64 MiB, or an eighth of the heap where that is less.
     */
    Optional<MemorySize> buffer();

    /** How often a lane without events looks whether the log has gone on without any (markers of transactions). */
    @WithDefault("1s")
    Duration idleCheck();

    /**
     * How often a lane that flows asks Kafka whether its topic is still the same. Of a topic that is deleted and made again
     * under its eyes, and has at once more events than the old one, it may apply some in that time.
     */
    @WithDefault("5s")
    Duration topicCheck();

    /** How often Kafka's committed offset follows the checkpoint, at most. */
    @WithDefault("200ms")
    Duration commitEvery();
}
