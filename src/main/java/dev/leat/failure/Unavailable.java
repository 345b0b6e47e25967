package dev.leat.failure;

import com.fasterxml.jackson.core.JacksonException;
import io.netty.handler.timeout.TimeoutException;
import io.netty.resolver.dns.DnsNameResolverException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.io.UnsupportedEncodingException;
import java.net.MalformedURLException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.CharacterCodingException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.zip.ZipException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * The one definition of an outage: what proves that the other side is unavailable, and so will work later as it is. It is
 * closed. What isn't here is no outage but a verdict about a record, a version, a view or a stream, or else a defect.
 *
 * <p>Looks at the failure, then at its causes, and the first that says something decides. So a refused statement within a
 * wrapper stays refused, and a lost connection within one stays lost.
 *
 * <p>SQLSTATE, by class: 08 connection exception, 40 transaction rollback, 53 insufficient resources, 55 object not in
 * prerequisite state (locks), 57 operator intervention, 58 system error. Three of class 25 (invalid transaction state) are
 * the server's doing: it became a standby, or it ended an idle or a long transaction. Not class 28 (invalid authorization):
 * the server answers, and no retry mends a password; nor XX (internal error). Source: PostgreSQL, appendix "Error Codes".
 */
public final class Unavailable {

    private static final Set<String> CLASSES = Set.of("08", "40", "53", "55", "57", "58");

    private static final Set<String> STATES = Set.of("25006", "25P03", "25P04");

    /** Query canceled, lock not available, idle in transaction too long, transaction too long. */
    private static final Set<String> TIMEOUTS = Set.of("57014", "55P03", "25P03", "25P04");

    /** What a function says of what it was given, as PL/pgSQL of a record that isn't assigned, is of class 55, too. */
    private static final String OF_A_VALUE = "55000";

    /** What Vert.x says by text alone: its clients fail with throwables that have no type of their own. */
    private static final List<String> TEXTS = List.of(
            "Timeout",
            "Pool closed",
            "Connection was closed",
            "Connection is not active now, current status:",
            "Connection pool reached max wait queue size of",
            "Pending requests failed to be sent due to connection has been closed.");

    private static final Set<String> WITHOUT_A_TYPE = Set.of(
            "io.vertx.core.VertxException",
            "io.vertx.core.impl.NoStackTraceThrowable",
            "io.vertx.core.impl.NoStackTraceException");

    /** Kafka's client needs an address of a broker, and the name server may be away. */
    private static final String NO_BROKER = "No resolvable bootstrap urls";

    private static final int DEEPEST = 32;

    private Unavailable() {}

    /** Whether a failure means that something is unavailable. */
    public static boolean is(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            Optional<Boolean> verdict = verdict(cause);
            if (verdict.isPresent()) {
                return verdict.get();
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** Whether something took too long, a statement, a transaction or the wait for a lock, while the server may well be there. */
    public static boolean isTimeout(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof io.smallrye.mutiny.TimeoutException
                    || cause instanceof PgException refused && TIMEOUTS.contains(refused.getSqlState())) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** What to say of a failure: the first message among it and its causes, with the type where that says more. */
    public static String message(Throwable failure) {
        Throwable cause = failure;
        while (isWrapper(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return cause.getCause() == null ? nameOf(cause) : nameOf(cause) + ": " + message(cause.getCause());
        }
        return saysAll(cause) ? message : nameOf(cause) + ": " + message;
    }

    private static boolean saysAll(Throwable failure) {
        return failure instanceof UnavailableException || failure instanceof PgException;
    }

    private static String nameOf(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return name.isEmpty() ? failure.getClass().getName() : name;
    }

    private static boolean isWrapper(Throwable failure) {
        return failure instanceof CompletionException
                || failure instanceof ExecutionException
                || failure instanceof UncheckedIOException
                || failure.getClass() == RuntimeException.class;
    }

    /** Empty when its cause has to say. */
    private static Optional<Boolean> verdict(Throwable failure) {
        return switch (failure) {
            case UnavailableException ignored -> Optional.of(true);
            case OfData ignored -> Optional.of(false);
            case PgException refused -> ofState(refused.getSqlState()).or(() -> Optional.of(false));
            case SQLException refused -> ofSql(refused);
            case IOException broken -> Optional.of(!isOfData(broken));
            case java.util.concurrent.TimeoutException ignored -> Optional.of(true);
            case io.smallrye.mutiny.TimeoutException ignored -> Optional.of(true);
            case TimeoutException ignored -> Optional.of(true);
            case ClosedConnectionException ignored -> Optional.of(true);
            case ConnectionPoolTooBusyException ignored -> Optional.of(true);
            case HttpClosedException ignored -> Optional.of(true);
            case StreamResetException ignored -> Optional.of(true);
            case DnsNameResolverException ignored -> Optional.of(true);
            case UnresolvedAddressException ignored -> Optional.of(true);
            case RetriableException ignored -> Optional.of(true);
            case RebalanceInProgressException ignored -> Optional.of(true);
            case ConfigException unknown when says(unknown, NO_BROKER) -> Optional.of(true);
            default ->
                WITHOUT_A_TYPE.contains(failure.getClass().getName())
                                && TEXTS.stream().anyMatch(text -> says(failure, text))
                        ? Optional.of(true)
                        : Optional.empty();
        };
    }

    private static boolean says(Throwable failure, String text) {
        return failure.getMessage() != null && failure.getMessage().startsWith(text);
    }

    /** The state decides. A pool that has no connection to give names none. */
    private static Optional<Boolean> ofSql(SQLException refused) {
        return ofState(refused.getSQLState())
                .or(() -> refused instanceof SQLTimeoutException
                                || refused instanceof SQLTransientConnectionException
                                || says(refused, "Acquisition timeout")
                        ? Optional.of(true)
                        : Optional.empty());
    }

    private static Optional<Boolean> ofState(String state) {
        return state == null || state.length() != 5
                ? Optional.empty()
                : Optional.of(!state.equals(OF_A_VALUE)
                        && (CLASSES.contains(state.substring(0, 2)) || STATES.contains(state)));
    }

    /** I/O exceptions that say something of what was read, not of where from. */
    private static boolean isOfData(IOException broken) {
        return broken instanceof JacksonException
                || broken instanceof CharacterCodingException
                || broken instanceof UnsupportedEncodingException
                || broken instanceof UTFDataFormatException
                || broken instanceof ObjectStreamException
                || broken instanceof MalformedURLException
                || broken instanceof ZipException;
    }
}
