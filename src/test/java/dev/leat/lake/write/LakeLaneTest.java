package dev.leat.lake.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.leat.lake.manifest.LakeInterrupted;
import dev.leat.lake.manifest.Ownership;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.PartitionBy;
import dev.leat.stack.Deadline;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class LakeLaneTest {

    private static final Stream STREAM = LakeFixture.stream(PartitionBy.NONE, 1_000);

    @TempDir
    Path location;

    private LakeFixture lake;
    private LakeLane lane;

    private LakeLane open() {
        lake = new LakeFixture(location);
        Ownership owner = lake.manifest.own(STREAM, 0, 0);
        return lane = new LakeLane(owner, lake.writer(owner), 2, Deadline.GENEROUS, new CompletableFuture<>()).start();
    }

    @Test
    void what_was_accepted_counts_after_draining() throws Exception {
        open();
        for (int offset = 0; offset < 50; offset++) {
            lane.accept(LakeFixture.events(STREAM, offset, offset + 1), offset + 1);
        }
        lane.drain(Deadline.GENEROUS);
        assertThat(lane.nextOffset()).isEqualTo(50);
        assertThat(lake.query("SELECT count(DISTINCT name) || '/' || count(*) FROM LAKE"))
                .containsExactly("50/50");
    }

    @Test
    void what_was_accepted_does_not_count_after_closing() {
        open();
        lane.accept(LakeFixture.events(STREAM, 0, 3), 3);
        lane.close();
        assertThat(lane.nextOffset()).isZero();
        assertThat(lake.manifest.entries).isEmpty();
        assertThatThrownBy(() -> lane.accept(LakeFixture.none(STREAM), 4))
                .isInstanceOf(LakeInterrupted.class)
                .hasMessageContaining("it was closed");
    }

    @Test
    void a_lane_that_was_overtaken_tells_its_feeder() {
        open();
        lake.manifest.own(STREAM, 0, 0);
        lane.accept(LakeFixture.events(STREAM, 0, 1_000), 1_000);
        await().atMost(Deadline.GENEROUS)
                .untilAsserted(() -> assertThatThrownBy(() -> lane.accept(LakeFixture.none(STREAM), 1_001))
                        .isInstanceOf(LakeInterrupted.class)
                        .hasMessageContaining("another instance owns it now"));
        lane.close();
    }
}
