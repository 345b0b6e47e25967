package dev.leat.lake.manifest;

import dev.leat.failure.Unavailable;
import dev.leat.pipeline.Stream;
import dev.leat.retry.Backoff;
import dev.leat.retry.Outage;
import dev.leat.retry.Retry;
import dev.leat.retry.RetryClosedException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * Retries a commit until it is answered: the files are complete, and only Postgres is unavailable. Gives up when the lane
 * is closed. {@code leat.lake.retry} sets the pauses. The questions at a lane's opening aren't retried here, but by their
 * caller.
 */
public final class ResilientManifest implements Manifest {

    private static final Logger LOG = Logger.getLogger(ResilientManifest.class);

    private final Manifest manifest;
    private final Duration min;
    private final Duration max;
    private final CompletableFuture<Void> closed;

    /** @param closed completes when nobody waits for an answer any more */
    public ResilientManifest(Manifest manifest, Duration min, Duration max, CompletableFuture<Void> closed) {
        this.manifest = manifest;
        this.min = min;
        this.max = max;
        this.closed = closed;
    }

    @Override
    public Ownership own(Stream stream, int partition, long startIfNew) {
        return manifest.own(stream, partition, startIfNew);
    }

    @Override
    public Set<String> paths(Stream stream, int partition) {
        return manifest.paths(stream, partition);
    }

    @Override
    public Verdict commit(Ownership owner, long from, long to, List<ManifestEntry> files) {
        Outage outage = new Outage(new Backoff(min, max), new CommitOutage(owner, from, to));
        try {
            return new Retry(outage, Unavailable::is, closed).call(() -> manifest.commit(owner, from, to, files));
        } catch (RetryClosedException e) {
            throw interrupted(owner, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(owner, e);
        }
    }

    private static LakeInterrupted interrupted(Ownership owner, Throwable failure) {
        return new LakeInterrupted(
                owner.stream().name(), owner.partition(), "closed while Postgres was unavailable", failure);
    }

    private record CommitOutage(Ownership owner, long from, long to) implements Outage.Listener {

        @Override
        public void began(Throwable failure) {
            LOG.warnf(
                    "lake waits for Postgres stream=%s topic=%s partition=%d offset=%d error=%s",
                    owner.stream().name(),
                    owner.stream().topic(),
                    owner.partition(),
                    from,
                    Unavailable.message(failure));
        }

        @Override
        public void ended(Duration lasted) {
            LOG.infof(
                    "lake goes on stream=%s topic=%s partition=%d offset=%d",
                    owner.stream().name(), owner.stream().topic(), owner.partition(), to);
        }
    }
}
