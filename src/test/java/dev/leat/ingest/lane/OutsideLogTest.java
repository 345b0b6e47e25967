package dev.leat.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OutsideLogTest {

    private static final TopicPartition LANE = new TopicPartition("taxi.rides", 2);
    private static final LogRange LOG = new LogRange(10, 20);

    @Test
    void a_checkpoint_from_the_first_event_to_behind_the_last_is_in_the_log() {
        assertThat(OutsideLog.find(
                        LANE,
                        LOG,
                        List.of(OutsideLog.Checkpoint.ofViews(10), OutsideLog.Checkpoint.ofLake("rides", 20))))
                .isEmpty();
    }

    @Test
    void each_one_that_retention_has_overtaken_is_told_with_the_way_out() {
        assertThat(OutsideLog.find(
                                LANE,
                                LOG,
                                List.of(OutsideLog.Checkpoint.ofViews(9), OutsideLog.Checkpoint.ofLake("rides", 7)))
                        .orElseThrow()
                        .message())
                .isEqualTo(
                        "the log of taxi.rides-2 goes from 10 to 20, but the checkpoint of the views is 9 (retention has"
                                + " removed events that were never applied) and that of the lake of stream rides is 7 (retention"
                                + " has removed events that were never applied). To go on with what the log has, run this and"
                                + " resume the lane: UPDATE leat.checkpoint SET next_offset = 10 WHERE topic = 'taxi.rides' AND partition"
                                + " = 2; UPDATE leat.lake_checkpoint SET next_offset = 10 WHERE stream = 'rides' AND topic ="
                                + " 'taxi.rides' AND partition = 2; To go on with new events only, put 20 there.");
    }

    @Test
    void one_behind_the_end_means_that_the_topic_was_recreated() {
        assertThat(OutsideLog.find(LANE, LOG, List.of(OutsideLog.Checkpoint.ofViews(21)))
                        .orElseThrow()
                        .message())
                .contains("the checkpoint of the views is 21 (the topic was recreated).");
    }
}
