package dev.leat.relay;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Events that are handed to one producer together. The first one of several that the broker refuses closes the
 * producer, on the producer's own thread and before it sends anything else: so nothing that comes after an event overtakes it.
 *
 * <p>For the relay's thread, but for what is said below.
 */
final class SendTurn {

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final int FEW_SPLITS = 20;

    private final Producer<byte[], byte[]> producer;
    private final SendOutcome outcome;
    private final long deadline;
    private final Duration within;
    private final Thread relay = Thread.currentThread();
    private final Map<Outgoing, Future<RecordMetadata>> answers = new LinkedHashMap<>();

    private final boolean several;

    // Set by the producer's thread, read by the relay's.
    private volatile boolean closed;
    // Whether there is no time, or no room, for more.
    private boolean full;
    // Whether a batch is larger than its topic takes, and the producer can't find out which of its events is.
    private boolean splits;

    /**
     * @param several whether more than one event comes; else none could be overtaken
     * @param deadline of {@link System#nanoTime}
     * @param within how long that is, for messages
     */
    SendTurn(Producer<byte[], byte[]> producer, SendOutcome outcome, boolean several, long deadline, Duration within) {
        this.producer = producer;
        this.outcome = outcome;
        this.several = several;
        this.deadline = deadline;
        this.within = within;
    }

    /** Hands over an event, unless what came before it stops it. */
    void submit(Outgoing event) {
        if (closed || full || outcome.stops(event.topic())) {
            return;
        }
        ProducerRecord<byte[], byte[]> record;
        try {
            record = event.record().get();
        } catch (RuntimeException e) {
            outcome.fail(event, SendFailure.unmade(e));
            return;
        }
        try {
            Future<RecordMetadata> answer = producer.send(record, this::answered);
            if (answer.state() == Future.State.FAILED && !closed) {
                refusedAtOnce(event, answer.exceptionNow());
            } else {
                answers.put(event, answer);
            }
        } catch (RuntimeException e) {
            // Once it is closed, the producer refuses everything.
            if (!closed) {
                refusedAtOnce(event, e);
            }
        }
    }

    /** Nothing was sent of it, so what comes before and after it isn't touched. */
    private void refusedAtOnce(Outgoing event, Throwable failure) {
        SendFailure why = SendFailure.of(event.topic(), failure);
        outcome.fail(event, why);
        // A producer without room, or that has waited for a topic: there is no time to wait for another one.
        full = why.reach() == SendFailure.Reach.NOTHING
                || failure instanceof org.apache.kafka.common.errors.TimeoutException;
    }

    /** The producer's thread, or the relay's where the producer refuses at once. */
    private void answered(RecordMetadata metadata, Exception failure) {
        if (failure != null && several && Thread.currentThread() != relay) {
            closed = true;
            producer.close(Duration.ZERO);
        }
    }

    /**
     * Waits for all answers.
     *
     * @return the events whose answer says nothing of themselves for sure, in their order: each is to be sent alone
     */
    Map<Outgoing, SendFailure> await() {
        Map<Outgoing, SendFailure> unclear = new LinkedHashMap<>();
        answers.forEach((event, answer) -> {
            SendFailure failure = failure(event, answer);
            if (failure == null) {
                outcome.acknowledge(event);
            } else if (failure.reach() == SendFailure.Reach.EVENT || failure.reach() == SendFailure.Reach.BATCH) {
                unclear.put(event, failure);
            } else {
                outcome.fail(event, failure);
            }
        });
        return unclear;
    }

    private SendFailure failure(Outgoing event, Future<RecordMetadata> answer) {
        while (true) {
            long left = deadline - System.nanoTime();
            try {
                answer.get(Math.clamp(left, 0, LOOK_EVERY.toNanos()), TimeUnit.NANOSECONDS);
                return null;
            } catch (ExecutionException e) {
                SendFailure failure = SendFailure.of(event.topic(), e.getCause());
                return splits && failure.reach() == SendFailure.Reach.NOTHING ? failure.ofBatch() : failure;
            } catch (TimeoutException e) {
                if (left <= 0) {
                    return SendFailure.unanswered(within.toString());
                }
                if (!closed && several && splitsForEver()) {
                    splits = true;
                    closed = true;
                    producer.close(Duration.ZERO);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return SendFailure.unanswered(within + ", and the relay was interrupted");
            }
        }
    }

    /**
     * Whether the producer has split more batches than it could have made. It splits one that is larger than its topic
     * takes, but into parts of its own batch size: where that is the larger one, into the same batch again, for ever.
     */
    private boolean splitsForEver() {
        return producer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("batch-split-total"))
                .anyMatch(metric -> (Double) metric.getValue().metricValue() > answers.size() + FEW_SPLITS);
    }

    /** Whether the producer is to be closed: it was, or has something in flight that would overtake. */
    boolean hasSpoiltProducer() {
        return closed || !answers.values().stream().allMatch(Future::isDone);
    }
}
