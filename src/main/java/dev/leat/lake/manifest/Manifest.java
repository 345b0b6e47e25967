package dev.leat.lake.manifest;

import dev.leat.pipeline.Stream;
import java.util.List;
import java.util.Set;

/** Which files count, and up to where. All methods block, and throw when the store doesn't answer. */
public interface Manifest {

    /** Takes the lane from its owner; creates its checkpoint if none exists. */
    Ownership own(Stream stream, int partition, long startIfNew);

    /** The paths of all files that count, of one stream and partition, whatever topic they came from. */
    Set<String> paths(Stream stream, int partition);

    /**
     * Moves the checkpoint and adds the files, in one transaction, if the owner still owns the lane and the checkpoint
     * is at {@code from}. May be retried with the same arguments after an unknown outcome.
     */
    Verdict commit(Ownership owner, long from, long to, List<ManifestEntry> files);

    /** What became of a commit. */
    enum Verdict {
        /** The files count; by this attempt or by an earlier one whose answer was lost. */
        COMMITTED,
        /** Another owns the lane: the files don't count and never will. */
        FENCED
    }
}
