package dev.leat.relay;

import dev.leat.failure.Failure.Cause;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Why an event couldn't be sent, and what else that stops. The one place where that is decided.
 *
 * @param message for people: what is wrong, and what to do
 */
record SendFailure(Reach reach, Cause cause, String message, Throwable failure) {

    /** What can't be sent. */
    enum Reach {
        /** This event, now and ever: it is set aside. */
        EVENT,
        /** The events of its topic, for now: they wait, and others go on. */
        TOPIC,
        /** Anything, for now. */
        BROKER,
        /** This event, or another one of its batch: each is to be sent alone. */
        BATCH,
        /** Nothing that is known: it wasn't sent, because something else has failed. */
        NOTHING
    }

    /** A failure to make a record of an event: it would be the same each time. */
    static SendFailure unmade(RuntimeException failure) {
        return event(failure);
    }

    static SendFailure of(String topic, Throwable failure) {
        return switch (failure) {
            case ExecutionException wrapped -> of(topic, wrapped.getCause());
            case RecordTooLargeException e -> event(e);
            case RecordBatchTooLargeException e -> event(e);
            case InvalidRecordException e -> event(e);
            case InvalidTimestampException e -> event(e);
            case UnsupportedForMessageFormatException e -> event(e);
            case SerializationException e -> event(e);
            case IllegalArgumentException e -> event(e);
            case UnknownTopicOrPartitionException e -> missing(topic, e);
            case UnknownTopicIdException e -> missing(topic, e);
            case InvalidTopicException e ->
                topic(Cause.REFUSED, "Kafka doesn't take the topic's name '" + topic + "': name another", e);
            case TopicAuthorizationException e ->
                topic(Cause.REFUSED, "Kafka doesn't let Leat write to topic '" + topic + "': allow it WRITE", e);
            case AuthenticationException e -> broker(Cause.OUTAGE, e);
            case ClusterAuthorizationException e -> broker(Cause.OUTAGE, e);
            case UnsupportedVersionException e -> broker(Cause.OUTAGE, e);
            case InterruptException e -> broker(Cause.OUTAGE, e);
            // Other events take the room now.
            case BufferExhaustedException e -> new SendFailure(Reach.NOTHING, Cause.OUTAGE, said(e), e);
            case TimeoutException e when e.getCause() instanceof ApiException said -> of(topic, said);
            // The broker has said nothing of the topic, so it has said nothing at all.
            case TimeoutException e -> broker(Cause.OUTAGE, e);
            case RetriableException e -> topic(Cause.OUTAGE, said(e), e);
            // Of the producer, not of what it sends; the next one has another id.
            case OutOfOrderSequenceException e -> topic(Cause.OUTAGE, said(e), e);
            case InvalidProducerEpochException e -> topic(Cause.OUTAGE, said(e), e);
            case ProducerFencedException e -> topic(Cause.OUTAGE, said(e), e);
            case ApiException e -> topic(Cause.REFUSED, "topic '" + topic + "' refuses events: " + said(e), e);
            // What the producer still has when it is closed.
            case KafkaException e
            when said(e).contains("closed forcefully") -> new SendFailure(Reach.NOTHING, Cause.OUTAGE, said(e), e);
            // What it says of the events that were in one batch with those that the broker has named.
            case KafkaException e -> new SendFailure(Reach.BATCH, Cause.OUTAGE, said(e), e);
            default -> topic(Cause.DEFECT, "events for topic '" + topic + "' can't be sent: " + said(failure), failure);
        };
    }

    /** No answer within the time that a turn has. */
    static SendFailure unanswered(String within) {
        return topic(Cause.OUTAGE, "no broker has acknowledged an event within " + within, null);
    }

    /** No producer can be made. */
    static SendFailure unconnected(RuntimeException failure) {
        Throwable why = failure.getCause() == null ? failure : failure.getCause();
        return new SendFailure(Reach.BROKER, Cause.OUTAGE, said(why), failure);
    }

    /** The same, where nothing but the topic can be to blame. */
    SendFailure ofTopic() {
        return new SendFailure(Reach.TOPIC, cause, message, failure);
    }

    /** The same, where another event of the batch may be to blame. */
    SendFailure ofBatch() {
        return new SendFailure(Reach.BATCH, cause, message, failure);
    }

    private static SendFailure event(RuntimeException failure) {
        return new SendFailure(Reach.EVENT, Cause.REFUSED, said(failure), failure);
    }

    private static SendFailure missing(String topic, Throwable failure) {
        return topic(
                Cause.MISSING,
                "topic '" + topic + "' doesn't exist: create it, or name another in the pipeline",
                failure);
    }

    private static SendFailure topic(Cause cause, String message, Throwable failure) {
        return new SendFailure(Reach.TOPIC, cause, message, failure);
    }

    private static SendFailure broker(Cause cause, Throwable failure) {
        return new SendFailure(Reach.BROKER, cause, said(failure), failure);
    }

    private static String said(Throwable failure) {
        return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }
}
