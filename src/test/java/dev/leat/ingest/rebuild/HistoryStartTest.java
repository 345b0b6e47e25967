package dev.leat.ingest.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.lake.manifest.LakeReach;
import dev.leat.view.rebuild.Rebuild.Source;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryStartTest {

    @Test
    void a_topic_that_has_all_needs_no_lake() {
        assertThat(origin(5, LakeReach.NONE, 5, Source.ALL)).isEqualTo(new HistoryStart(5, List.of()));
    }

    @Test
    void the_lake_has_what_the_topic_has_no_more() {
        assertThat(origin(5, new LakeReach(5, 100), 80, Source.ALL)).isEqualTo(new HistoryStart(5, List.of()));
    }

    @Test
    void what_neither_has_is_named() {
        assertThat(origin(0, LakeReach.NONE, 80, Source.ALL))
                .isEqualTo(new HistoryStart(80, List.of("rides-0 offsets 0 to 79")));
        assertThat(origin(0, new LakeReach(10, 50), 80, Source.LAKE))
                .isEqualTo(new HistoryStart(10, List.of("rides-0 offsets 0 to 9", "rides-0 offsets 50 to 79")));
    }

    @Test
    void from_the_topic_the_lake_does_not_count() {
        assertThat(origin(0, new LakeReach(0, 100), 80, Source.TOPIC))
                .isEqualTo(new HistoryStart(80, List.of("rides-0 offsets 0 to 79")));
    }

    @Test
    void a_rebuild_rests_in_proportion_to_its_work() {
        assertThat(RebuildThrottle.restAfter(Duration.ofMillis(100), 0.5)).isEqualTo(Duration.ofMillis(100));
        assertThat(RebuildThrottle.restAfter(Duration.ofMillis(100), 1)).isZero();
        assertThat(RebuildThrottle.restAfter(Duration.ofSeconds(10), 0.5)).isEqualTo(Duration.ofSeconds(2));
    }

    private static HistoryStart origin(long first, LakeReach lake, long beginning, Source source) {
        return HistoryStart.of("rides-0", first, lake, beginning, source);
    }
}
