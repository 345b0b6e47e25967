package dev.leat.lake.write;

import dev.leat.lake.manifest.LakeInterrupted;
import dev.leat.lake.manifest.Manifest;
import dev.leat.lake.manifest.ManifestEntry;
import dev.leat.lake.manifest.Ownership;
import dev.leat.lake.parquet.Dictionaries;
import dev.leat.lake.parquet.FileColumns;
import dev.leat.lake.parquet.FileFormat;
import dev.leat.lake.store.DayPartition;
import dev.leat.lake.store.LakeFolder;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Writes the rows that a lane hands over, exactly once:
 *
 * <pre>
 *            take                        roll: complete, fsync, rename     manifest + checkpoint
 *   (none) --------&gt; range of open files ----------------------------&gt; published ----------------&gt; (none)
 *                        | crash                                          | crash
 *                        v                                                v
 *                    temporaries, swept by the next owner             no manifest row: swept by the next owner
 * </pre>
 *
 * Not thread-safe: one thread takes, rolls and abandons. After a failure only {@link #abandon()} may be called.
 */
public final class LakeWriter {

    private final Ownership owner;
    private final LakeFolder folder;
    private final Manifest manifest;
    private final RollPolicy policy;
    private final FileFormat format;
    private final Clock clock;
    private final DayPartition days;

    // Written by the writer's thread, read by the lane's.
    private volatile long committed;

    // The fields below are touched by the writer's thread only.
    private long taken;
    private FileColumns columns;
    private LakeRange range;
    private final Dictionaries dictionaries = new Dictionaries();

    public LakeWriter(
            Ownership owner, LakeFolder folder, Manifest manifest, RollPolicy policy, FileFormat format, Clock clock) {
        this.owner = owner;
        this.folder = folder;
        this.manifest = manifest;
        this.policy = policy;
        this.format = format;
        this.clock = clock;
        this.days = new DayPartition(policy.declared().partitionBy());
        this.committed = owner.nextOffset();
        this.taken = owner.nextOffset();
    }

    /** The checkpoint: events below it count. Any thread. */
    long nextOffset() {
        return committed;
    }

    /** Takes the rows that it doesn't have yet, and advances to the offset after their batch. */
    public void take(Rows rows, long nextOffset) throws IOException {
        for (int row = 0; row < rows.size(); row++) {
            if (rows.offset(row) >= taken) {
                takeRow(rows, row);
            }
        }
        if (nextOffset > taken) {
            // Events that gave no row (dead letters, other types) advance the checkpoint as well.
            open();
            taken = nextOffset;
        }
        if (range != null && policy.isTooLarge(range)) {
            roll();
        }
        rollIfDue();
    }

    private void takeRow(Rows rows, int row) throws IOException {
        long day = days.of(rows.eventTime(row));
        if (range != null && range.hasFiles() && (!columns.cover(rows.shape()) || policy.hasNoRoom(range, day))) {
            roll();
        }
        widen(rows.shape());
        open();
        long written = range.write(rows, row, day, columns);
        taken = rows.offset(row) + 1;
        if (policy.isFull(written)) {
            roll();
        }
    }

    /** Keeps the union of all columns seen, so that alternating schema versions don't end a file each. */
    private void widen(Shape shape) {
        if (columns == null) {
            columns = FileColumns.of(owner.stream().name(), shape);
        } else if (!columns.cover(shape)) {
            columns = columns.with(owner.stream().name(), shape);
        }
    }

    private void open() {
        if (range == null) {
            range = new LakeRange(owner, committed, clock.instant(), days, folder, format, dictionaries);
        }
    }

    void rollIfDue() throws IOException {
        Optional<Duration> due = untilDue();
        if (due.isPresent() && !due.get().isPositive()) {
            roll();
        }
    }

    /** How long the open range may stay open; empty if none is open. */
    Optional<Duration> untilDue() {
        return Optional.ofNullable(range).map(open -> policy.untilDue(open, clock.instant()));
    }

    /** Closes the open range, if there is one, and makes it count. */
    public void roll() throws IOException {
        if (range == null) {
            return;
        }
        List<ManifestEntry> files = range.publish();
        switch (manifest.commit(owner, range.from(), taken, files)) {
            case COMMITTED -> {
                committed = taken;
                range = null;
            }
            case FENCED -> {
                for (ManifestEntry file : files) {
                    folder.delete(folder.resolve(file.path()));
                }
                range = null;
                throw new LakeInterrupted(
                        owner.stream().name(), owner.partition(), "another instance owns it now", null);
            }
        }
    }

    /** Abandons open files; the next owner gets their rows again. */
    void abandon() {
        if (range != null) {
            range.abandon();
            range = null;
        }
    }
}
