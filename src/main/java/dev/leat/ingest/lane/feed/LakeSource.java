package dev.leat.ingest.lane.feed;

import dev.leat.lake.Lake;
import dev.leat.lake.write.LakeLane;
import dev.leat.pipeline.Stream;
import java.io.IOException;

/** What a lane needs of the lake. Blocks. */
public interface LakeSource {

    /** As {@link Lake#open}. */
    LakeLane open(Stream stream, int partition, long startIfNew);

    /** As {@link Lake#requireWritable}. */
    void requireWritable(Stream stream, int partition) throws IOException;

    /** As {@link Lake#skipTo}. */
    void skipTo(Stream stream, int partition, long offset);

    static LakeSource of(Lake lake) {
        return new LakeSource() {
            @Override
            public LakeLane open(Stream stream, int partition, long startIfNew) {
                return lake.open(stream, partition, startIfNew);
            }

            @Override
            public void requireWritable(Stream stream, int partition) throws IOException {
                lake.requireWritable(stream, partition);
            }

            @Override
            public void skipTo(Stream stream, int partition, long offset) {
                lake.skipTo(stream, partition, offset);
            }
        };
    }
}
