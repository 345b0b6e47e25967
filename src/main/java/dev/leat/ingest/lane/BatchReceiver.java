package dev.leat.ingest.lane;

import dev.leat.ingest.IngestConfig;
import dev.leat.schema.wire.Records;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * What flows into a lane. Polled records wait in the {@link Mailbox}; the lane takes them in batches, each of as many as
 * {@link BatchSize} allows, and begins none earlier than {@code leat.ingest.batch-interval} after the one before unless it
 * is a full one. Drops what was polled before the lane was opened. The lane's thread only, but for what is said below.
 */
final class BatchReceiver {

    private final TopicPartition partition;
    private final ContinuedTopic consumer;
    private final IngestConfig config;
    private final Mailbox mailbox;
    private final BatchSize size;

    // Of System.nanoTime: when the last batch did.
    private long began;

    // Set by the polling thread before it polls, unset by the lane; read by the channel's event loop, to drop what was
    // polled before the last seek.
    private volatile int epoch = -1;

    BatchReceiver(TopicPartition partition, ContinuedTopic consumer, IngestConfig config, Mailbox mailbox) {
        this.partition = partition;
        this.consumer = consumer;
        this.config = config;
        this.mailbox = mailbox;
        this.size = new BatchSize(config.batchRecords(), config.batchWithin());
    }

    /** Takes records that were polled for the lane. Channel's event loop. */
    void offer(int polledIn, Records records) {
        if (polledIn == epoch) {
            mailbox.put(consumer.positioned(records));
        }
    }

    /** Memory of the events that wait, in bytes. Any thread. */
    long buffered() {
        return mailbox.bytes();
    }

    /** How many events are taken at once now, at most. Any thread. */
    int batchRecords() {
        return size.records();
    }

    /** Ends all waiting. Any thread. */
    void close() {
        mailbox.close();
    }

    /** Lets the partition flow from here on; the first batch may begin at once. False when it was revoked in between. */
    CompletableFuture<Boolean> flowFrom(long position) {
        mailbox.clear();
        began = System.nanoTime() - config.batchInterval().toNanos();
        return consumer.flowFrom(partition, position, mailbox::announce, begun -> epoch = begun);
    }

    /** Nothing more comes in, and what is on its way is dropped. */
    void halt() {
        epoch = -1;
        consumer.halt(partition);
    }

    /** The next batch; empty when none came within {@code leat.ingest.idle-check}. */
    Records receive() throws InterruptedException {
        mailbox.gather(size.records(), began + config.batchInterval().toNanos());
        Records received = mailbox.take(size.records(), config.batchBytes(), config.idleCheck());
        if (mailbox.hasRoomAgain()) {
            consumer.regulate(partition, mailbox::isFull);
        }
        return received;
    }

    /** The lane begins to apply what it has received. */
    void batchBegins() {
        began = System.nanoTime();
    }

    /** It has applied so many: the next batch is of a size that goes through in time. */
    void batchTook(int records) {
        size.took(records, Duration.ofNanos(System.nanoTime() - began));
    }

    /** How far the log was scanned after what was taken last; empty when the epoch is over. */
    CompletableFuture<OptionalLong> scannedTo(long taken) {
        return consumer.scannedTo(partition, epoch, taken);
    }
}
