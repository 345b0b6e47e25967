package dev.leat.ingest.rebuild;

import dev.leat.lake.manifest.LakeReach;
import dev.leat.view.rebuild.Rebuild.Source;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a view's history starts on one partition, and which events before or after that are gone.
 *
 * @param start offset of the first event that the view will have
 * @param gaps ranges that neither lake nor topic has, as text; empty when nothing is gone
 */
record HistoryStart(long start, List<String> gaps) {

    /**
     * @param first offset of the first event that Leat has taken
     * @param lake the range that the lake has
     * @param beginning offset of the first event that the topic still has
     */
    static HistoryStart of(String partition, long first, LakeReach lake, long beginning, Source source) {
        if (beginning <= first) {
            return new HistoryStart(first, List.of());
        }
        if (source == Source.TOPIC || lake.isEmpty()) {
            return new HistoryStart(beginning, List.of(gap(partition, first, beginning)));
        }
        List<String> gaps = new ArrayList<>();
        long start = Math.max(first, Math.min(lake.begin(), beginning));
        if (start > first) {
            gaps.add(gap(partition, first, start));
        }
        if (beginning > lake.end()) {
            gaps.add(gap(partition, Math.max(first, lake.end()), beginning));
        }
        return new HistoryStart(start, gaps);
    }

    private static String gap(String partition, long from, long to) {
        return partition + " offsets " + from + " to " + (to - 1);
    }
}
