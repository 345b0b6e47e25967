package dev.leat.ingest.lane.status;

import dev.leat.view.deadletter.DeadLetter;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Logs dead letters without flooding the log: the first one of a stream, view and reason in full, those of the next minute as
 * one line with their number. Metrics and the table of dead letters have them all. Thread-safe.
 */
@ApplicationScoped
public class DeadLetterLog {

    private static final Logger LOG = Logger.getLogger(DeadLetterLog.class);
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final Map<Kind, Since> kinds = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    DeadLetterLog() {
        this(System::nanoTime);
    }

    DeadLetterLog(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private record Kind(String topic, String stream, String view, String reason) {}

    /**
     * Since the last line.
     *
     * @param last the newest that wasn't logged; null when there is none
     */
    private record Since(long at, long more, String last) {}

    void log(DeadLetter letter) {
        Kind kind = new Kind(letter.topic, letter.stream, letter.view, letter.reason);
        long now = nanos.getAsLong();
        Since since = kinds.compute(
                kind,
                (k, there) -> there == null
                        ? new Since(now, 0, null)
                        : new Since(there.at(), there.more() + 1, letter.partition + " offset=" + letter.offset));
        if (since.last() == null) {
            LOG.warnf(
                    "dead letter topic=%s partition=%d offset=%d stream=%s view=%s reason=%s error=%s",
                    letter.topic,
                    letter.partition,
                    letter.offset,
                    letter.stream,
                    letter.view,
                    letter.reason,
                    letter.message);
        }
    }

    /** Says how many were only counted, of kinds whose minute is over. To be called every few seconds. */
    public void summarize() {
        long now = nanos.getAsLong();
        for (Kind kind : kinds.keySet()) {
            kinds.computeIfPresent(
                    kind, (k, since) -> now - since.at() < QUIET.toNanos() ? since : said(k, since, now));
        }
    }

    private static Since said(Kind kind, Since since, long now) {
        if (since.more() > 0) {
            LOG.warnf(
                    "dead letters count=%d topic=%s stream=%s view=%s reason=%s last partition=%s",
                    since.more(), kind.topic(), kind.stream(), kind.view(), kind.reason(), since.last());
        }
        return next(since, now);
    }

    /** Quiet kinds are forgotten: their next one is logged in full again. */
    private static Since next(Since since, long now) {
        return since.more() == 0 ? null : new Since(now, 0, "none");
    }

    /** How many are only counted until now, of all kinds. */
    long counted() {
        return kinds.values().stream().mapToLong(Since::more).sum();
    }
}
