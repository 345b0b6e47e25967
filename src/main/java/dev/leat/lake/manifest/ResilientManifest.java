package dev.leat.lake.manifest;

import dev.leat.pipeline.Stream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Keeps asking until a commit is answered: the files are complete, and only Postgres is away. Gives up when the lane is
 * closed. {@code leat.lake.retry} sets the pauses. What is asked when a lane opens is not repeated; its caller does that.
 */
public final class ResilientManifest implements Manifest {

    private static final Logger LOG = Logger.getLogger(ResilientManifest.class);

    private final Manifest manifest;
    private final Duration min;
    private final Duration max;
    private final CountDownLatch closed;

    /** @param closed counted down when nobody waits for an answer any more */
    public ResilientManifest(Manifest manifest, Duration min, Duration max, CountDownLatch closed) {
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
        Duration pause = min;
        for (boolean first = true; ; first = false) {
            try {
                Verdict verdict = manifest.commit(owner, from, to, files);
                if (!first) {
                    LOG.infof(
                            "lake goes on stream=%s topic=%s partition=%d offset=%d",
                            owner.stream().name(), owner.stream().topic(), owner.partition(), to);
                }
                return verdict;
            } catch (RuntimeException e) {
                if (first) {
                    LOG.warnf(
                            "lake waits for Postgres stream=%s topic=%s partition=%d offset=%d error=%s",
                            owner.stream().name(), owner.stream().topic(), owner.partition(), from, e);
                }
                await(owner, pause, e);
                pause = pause.multipliedBy(2).compareTo(max) < 0 ? pause.multipliedBy(2) : max;
            }
        }
    }

    private void await(Ownership owner, Duration pause, RuntimeException failure) {
        try {
            if (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new LakeInterrupted(owner.stream().name(), owner.partition(), "closed while Postgres was away", failure);
    }
}
