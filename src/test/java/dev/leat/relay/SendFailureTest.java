package dev.leat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.leat.failure.Failure.Cause;
import dev.leat.relay.SendFailure.Reach;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of what Kafka's clients and brokers say, and how far each of it reaches. */
class SendFailureTest {

    static Stream<org.junit.jupiter.params.provider.Arguments> rows() {
        return Stream.of(
                arguments(new RecordTooLargeException("1"), Reach.EVENT, Cause.REFUSED),
                arguments(new RecordBatchTooLargeException("1"), Reach.EVENT, Cause.REFUSED),
                arguments(new InvalidRecordException("1"), Reach.EVENT, Cause.REFUSED),
                arguments(new InvalidTimestampException("1"), Reach.EVENT, Cause.REFUSED),
                arguments(new UnsupportedForMessageFormatException("1"), Reach.EVENT, Cause.REFUSED),
                arguments(new SerializationException("1"), Reach.EVENT, Cause.REFUSED),
                arguments(new IllegalArgumentException("1"), Reach.EVENT, Cause.REFUSED),
                arguments(new UnknownTopicOrPartitionException("1"), Reach.TOPIC, Cause.MISSING),
                arguments(
                        new TimeoutException("not present", new UnknownTopicOrPartitionException("1")),
                        Reach.TOPIC,
                        Cause.MISSING),
                arguments(new InvalidTopicException("1"), Reach.TOPIC, Cause.REFUSED),
                arguments(new TopicAuthorizationException("t"), Reach.TOPIC, Cause.REFUSED),
                arguments(new PolicyViolationException("1"), Reach.TOPIC, Cause.REFUSED),
                arguments(new UnknownServerException("1"), Reach.TOPIC, Cause.REFUSED),
                arguments(new NotEnoughReplicasException("1"), Reach.TOPIC, Cause.OUTAGE),
                arguments(new OutOfOrderSequenceException("1"), Reach.TOPIC, Cause.OUTAGE),
                arguments(new TimeoutException("nothing known"), Reach.BROKER, Cause.OUTAGE),
                arguments(new SaslAuthenticationException("1"), Reach.BROKER, Cause.OUTAGE),
                arguments(new ClusterAuthorizationException("1"), Reach.BROKER, Cause.OUTAGE),
                arguments(new KafkaException("part of a batch with an invalid record"), Reach.BATCH, Cause.OUTAGE),
                arguments(new KafkaException("Producer is closed forcefully."), Reach.NOTHING, Cause.OUTAGE),
                arguments(new BufferExhaustedException("1"), Reach.NOTHING, Cause.OUTAGE),
                arguments(new NullPointerException("1"), Reach.TOPIC, Cause.DEFECT));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void each_failure_reaches_as_far_as_it_proves(Exception failure, Reach reach, Cause cause) {
        SendFailure verdict = SendFailure.of("t", failure);

        assertThat(verdict.reach()).isEqualTo(reach);
        assertThat(verdict.cause()).isEqualTo(cause);
        assertThat(verdict.message()).isNotBlank();
    }
}
