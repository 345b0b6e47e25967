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
 * What the lake has of some streams of one partition, read side by side from one offset on: what is given lies in front of
 * the next place, of all streams. One thread's.
 */
final class LakeLog implements AutoCloseable {

    private final List<LakeScan> scans = new ArrayList<>();
    private final long end;
    private long place;

    /** @param end at most that of {@link #reach} */
    LakeLog(Lake lake, Contracts contracts, List<Stream> streams, int partition, long from, long end) {
        this.place = from;
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

    /** Where it stands. */
    long place() {
        return place;
    }

    /**
     * Some of what the lake has.
     *
     * @param rows of each stream
     * @param next offset behind them; what lies between is no event of these streams
     */
    record Run(List<Rows> rows, long next) {}

    /** The next rows of each stream, at most so many; none behind the last. */
    Run next(int atMost) {
        List<Rows> rows = new ArrayList<>();
        if (scans.size() == 1) {
            Rows only = scans.getFirst().next(atMost);
            rows.add(only);
            place = only.size() < atMost ? end : only.offset(only.size() - 1) + 1;
        } else {
            place = Math.min(end, place + atMost);
            scans.forEach(scan -> rows.add(scan.below(place)));
        }
        return new Run(rows, place);
    }

    @Override
    public void close() {
        scans.forEach(LakeScan::close);
    }
}
