package dev.leat.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonParseException;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.impl.NoStackTraceException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.core.impl.NoStackTraceTimeoutException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

class UnavailableTest {

    static Stream<Arguments> outages() {
        return Stream.of(
                arguments("ours, of the registry or a view", new UnavailableException("registry is away", null)),
                arguments("refused", new ConnectException("Connection refused")),
                arguments("no route, reset", new SocketException("Connection reset")),
                arguments("no such host", new UnknownHostException("postgres")),
                arguments("Vert.x: connect time-out", new ConnectTimeoutException("timed out: postgres/10.0.0.1:5432")),
                arguments("TLS", new SSLException("handshake failed")),
                arguments("end of stream", new EOFException()),
                arguments("closed channel", new ClosedChannelException()),
                arguments("disk full", new IOException("No space left on device")),
                arguments("a folder that isn't mounted", new FileSystemException("/lake", null, "Stale file handle")),
                arguments("a folder that may not be written", new AccessDeniedException("/lake")),
                arguments("wrapped I/O", new UncheckedIOException(new IOException("broken pipe"))),
                arguments("java", new java.util.concurrent.TimeoutException("waited in vain")),
                arguments("Mutiny", new io.smallrye.mutiny.TimeoutException()),
                arguments("Vert.x: time-out", new NoStackTraceTimeoutException("The timeout period of 5000ms")),
                arguments("pg client: closed", ClosedConnectionException.INSTANCE),
                arguments("pg client: no free connection in time", new NoStackTraceThrowable("Timeout")),
                arguments(
                        "pg client: too many wait",
                        new ConnectionPoolTooBusyException("Connection pool reached max wait queue size of 1")),
                arguments(
                        "pg client: closed while commands wait",
                        new NoStackTraceThrowable(
                                "Pending requests failed to be sent due to connection has been closed.")),
                arguments(
                        "pg client: closing",
                        new NoStackTraceThrowable("Connection is not active now, current status: CLOSED")),
                arguments("pg client: pool closed", new NoStackTraceException("Pool closed")),
                arguments("Vert.x: closed", new VertxException("Connection was closed", true)),
                arguments("HTTP: closed", new HttpClosedException("Connection was closed")),
                arguments("as a Uni gives it", new CompletionException(new NoStackTraceThrowable("Timeout"))),
                arguments("as a future gives it", new ExecutionException(new ConnectException("refused"))),
                arguments("JDBC: no connection", new PSQLException("refused", PSQLState.CONNECTION_UNABLE_TO_CONNECT)),
                arguments("JDBC: lost", new PSQLException("I/O error", PSQLState.CONNECTION_FAILURE)),
                arguments("JDBC: pool", new SQLException("Acquisition timeout while waiting for new connection")),
                arguments(
                        "Flyway, Hibernate",
                        new IllegalStateException(
                                "Unable to obtain connection from database",
                                new PSQLException("refused", PSQLState.CONNECTION_UNABLE_TO_CONNECT))),
                arguments("Kafka: time-out", new org.apache.kafka.common.errors.TimeoutException("no metadata")),
                arguments("Kafka: disconnected", new DisconnectException()),
                arguments("Kafka: network", new NetworkException("gone")),
                arguments("Kafka: leader moved", new NotLeaderOrFollowerException()),
                arguments("Kafka: coordinator", new CoordinatorNotAvailableException("starting")),
                arguments("Kafka: topic not there, or not yet", new UnknownTopicOrPartitionException("rides")),
                arguments("Kafka: rebalance", new RebalanceInProgressException()),
                arguments(
                        "Kafka: no broker's name is known",
                        new KafkaException(
                                "Failed to construct kafka producer",
                                new ConfigException("No resolvable bootstrap urls given in bootstrap.servers"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outages")
    void what_proves_that_the_other_side_is_unavailable_is_an_outage(String what, Throwable failure) {
        assertThat(Unavailable.is(failure)).isTrue();
    }

    static Stream<Arguments> others() {
        return Stream.of(
                arguments("a fault of ours", new NullPointerException("x is null")),
                arguments("another", new IllegalStateException("cannot be")),
                arguments("class cast", new ClassCastException("Long is no String")),
                arguments("stack overflow", new StackOverflowError()),
                arguments("nothing known of it", new RuntimeException("?")),
                arguments("a number that isn't one", new NumberFormatException("1e")),
                arguments("refused within a wrapper", new CompletionException(refused("42P01"))),
                arguments("refused, while a timer ran out", new IllegalStateException("rolled back", refused("22003"))),
                arguments("pg client without a state", new PgException("no", "ERROR", null, null)),
                arguments("Vert.x says something else", new NoStackTraceThrowable("Parameter at position[0]")),
                arguments("JDBC: refused", new PSQLException("no", PSQLState.SYNTAX_ERROR)),
                arguments("JSON that is none", new JsonParseException(null, "Unexpected character")),
                arguments("text that is none", new MalformedInputException(1)),
                arguments("archive that is none", new ZipException("invalid")),
                arguments("wrapped JSON", new UncheckedIOException(new JsonParseException(null, "Unexpected"))),
                arguments("Kafka: too large", new RecordTooLargeException("1 MB")),
                arguments("Kafka: name", new InvalidTopicException("a b")),
                arguments("Kafka: no right", new TopicAuthorizationException("rides")),
                arguments("Kafka: password", new SaslAuthenticationException("invalid credentials")),
                arguments("Kafka: setting", new ConfigException("acks", "some")),
                arguments("nothing", null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("others")
    void all_else_is_none(String what, Throwable failure) {
        assertThat(Unavailable.is(failure)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08006", "08001", "08P01", "40001", "40P01", "53100", "53200", "53300", "55P03", "55006", "57014",
                "57P01", "57P03", "58030", "58P01", "25006", "25P03", "25P04"
            })
    void a_state_that_speaks_of_the_server_is_one(String sqlState) {
        assertThat(Unavailable.is(refused(sqlState))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000", "0A000", "21000", "22003", "23505", "25001", "25P02", "28000", "28P01", "2BP01", "34000",
                "38000", "3F000", "55000", "42501", "42601", "42701", "42703", "42P01", "42P16", "54000", "54011",
                "P0001", "P0004", "XX000", "XX001", "XX002", "HV000", "F0000"
            })
    void one_that_speaks_of_the_statement_the_data_or_who_we_are_is_none(String sqlState) {
        assertThat(Unavailable.is(refused(sqlState))).isFalse();
    }

    @Test
    void the_message_names_what_there_is_to_name() {
        assertThat(Unavailable.message(new UnavailableException("registry is away", null)))
                .isEqualTo("registry is away");
        assertThat(Unavailable.message(new ConnectException("refused"))).isEqualTo("ConnectException: refused");
        assertThat(Unavailable.message(new CompletionException(new NullPointerException())))
                .isEqualTo("NullPointerException");
        assertThat(Unavailable.message(new io.smallrye.mutiny.TimeoutException()))
                .isEqualTo("TimeoutException");
        assertThat(Unavailable.message(new IllegalStateException(null, new ConnectException("refused"))))
                .isEqualTo("IllegalStateException: ConnectException: refused");
    }

    @Test
    void a_circle_of_causes_has_an_end() {
        Exception one = new Exception("one");
        Exception two = new Exception("two", one);
        one.initCause(two);

        assertThat(Unavailable.is(one)).isFalse();
    }

    private static PgException refused(String sqlState) {
        return new PgException("no", "ERROR", sqlState, null);
    }
}
