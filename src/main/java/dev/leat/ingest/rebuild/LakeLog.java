package dev.leat.ingest.rebuild;

import dev.leat.lake.Lake;
import dev.leat.lake.manifest.LakeReach;
import dev.leat.lake.read.LakeScan;
import dev.leat.pipeline.Stream;
import dev.leat.schema.Contracts;
import dev.leat.schema.types.Rows;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads some streams of one partition from the lake, from one offset on. Each run has the rows of all streams below one
 * offset. For one thread.
 */
final class LakeLog implements AutoCloseable {

    private final List<LakeScan> scans = new ArrayList<>();
    private final long end;
    private long position;

    /** @param end at most that of {@link #reach} */
    LakeLog(Lake lake, Contracts contracts, List<Stream> streams, int partition, long from, long end) {
        this.position = from;
        this.end = end;
        for (Stream stream : streams) {
            scans.add(lake.scan(stream, partition, contracts.shape(stream).orElseThrow(), from, end));
        }
    }

    /** What the lake has of all these streams; nothing where one of them has none. */
    static LakeReach reach(Lake lake, List<Stream> streams, int partition) {
        long begin = 0;
        long end = Long.MAX_VALUE;
        for (Stream stream : streams) {
            if (stream.lake().isEmpty()) {
                return LakeReach.NONE;
            }
            LakeReach reach = lake.reach(stream, partition);
            begin = Math.max(begin, reach.begin());
            end = Math.min(end, reach.end());
        }
        return begin < end ? new LakeReach(begin, end) : LakeReach.NONE;
    }

    /** Offset from which the next run reads. */
    long position() {
        return position;
    }

    /**
     * The rows between two offsets.
     *
     * @param rows of each stream
     * @param next offset after the run; offsets without a row have no event of these streams
     */
    record Run(List<Rows> rows, long next) {}

    /** The next rows of each stream, at most so many; none after the last. */
    Run next(int atMost) {
        List<Rows> rows = new ArrayList<>();
        if (scans.size() == 1) {
            Rows only = scans.getFirst().next(atMost);
            rows.add(only);
            position = only.size() < atMost ? end : only.offset(only.size() - 1) + 1;
        } else {
            position = Math.min(end, position + atMost);
            scans.forEach(scan -> rows.add(scan.below(position)));
        }
        return new Run(rows, position);
    }

    @Override
    public void close() {
        scans.forEach(LakeScan::close);
    }
}
