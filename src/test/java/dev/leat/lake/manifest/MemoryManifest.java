package dev.leat.lake.manifest;

import dev.leat.pipeline.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The manifest's contract in memory, for one stream and partition, with faults to order. */
public class MemoryManifest implements Manifest {

    /** Stands for the end of the process. */
    public static final class Crash extends Error {}

    public final List<ManifestEntry> entries = new ArrayList<>();
    public long checkpoint = -1;
    long epoch;
    public int commits;
    public boolean crashBeforeCommit;
    public boolean crashAfterCommit;
    public int answersToLose;

    @Override
    public synchronized Ownership own(Stream stream, int partition, long startIfNew) {
        checkpoint = checkpoint < 0 ? startIfNew : checkpoint;
        return new Ownership(stream, partition, ++epoch, checkpoint);
    }

    @Override
    public synchronized Set<String> paths(Stream stream, int partition) {
        return entries.stream().map(ManifestEntry::path).collect(Collectors.toSet());
    }

    /** As that of Postgres. */
    public synchronized void skipTo(Stream stream, int partition, long offset) {
        epoch++;
        checkpoint = Math.max(checkpoint, offset);
    }

    @Override
    public synchronized Verdict commit(Ownership owner, long from, long to, List<ManifestEntry> files) {
        commits++;
        if (crashBeforeCommit) {
            throw new Crash();
        }
        if (owner.epoch() != epoch || checkpoint != from) {
            boolean earlier =
                    !files.isEmpty() && entries.containsAll(files) || owner.epoch() == epoch && checkpoint == to;
            return earlier ? Verdict.COMMITTED : Verdict.FENCED;
        }
        checkpoint = to;
        entries.addAll(files);
        if (crashAfterCommit) {
            throw new Crash();
        }
        if (answersToLose-- > 0) {
            throw io.vertx.sqlclient.ClosedConnectionException.INSTANCE;
        }
        return Verdict.COMMITTED;
    }
}
