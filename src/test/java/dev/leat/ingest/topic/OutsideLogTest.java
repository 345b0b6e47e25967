package dev.leat.ingest.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OutsideLogTest {

    private static final TopicPartition LANE = new TopicPartition("taxi.rides", 2);
    private static final LogRange LOG = new LogRange(10, 20);
    private static final Optional<UUID> FIRST = Optional.of(new UUID(0, 1));
    private static final Optional<UUID> SECOND = Optional.of(new UUID(0, 2));

    private static String message(OutsideLog.Checkpoint... checkpoints) {
        return OutsideLog.find(LANE, "rides", LOG, List.of(checkpoints))
                .orElseThrow()
                .message();
    }

    @Test
    void a_checkpoint_from_the_first_event_to_behind_the_last_is_in_the_log() {
        assertThatCode(() -> OutsideLog.requireInside(
                        LANE,
                        "rides",
                        LOG,
                        List.of(OutsideLog.Checkpoint.ofViews(10), OutsideLog.Checkpoint.ofLake("rides", 20))))
                .doesNotThrowAnyException();
    }

    @Test
    void each_one_that_retention_has_overtaken_is_told_with_the_way_out() {
        assertThat(message(OutsideLog.Checkpoint.ofViews(9), OutsideLog.Checkpoint.ofLake("rides", 7)))
                .isEqualTo(
                        "the log of taxi.rides-2 goes from 10 to 20, but the checkpoint of the views is 9 (retention has"
                                + " removed events that were never applied) and that of the lake of stream rides is 7 (retention"
                                + " has removed events that were never applied). Nothing is applied until somebody chooses:"
                                + " POST /api/streams/rides/topic?choose=continue goes on with what the log has, and POST"
                                + " /api/streams/rides/topic?choose=continue&from=end with new events only");
    }

    @Test
    void one_behind_the_end_means_that_the_topic_was_recreated() {
        assertThat(message(OutsideLog.Checkpoint.ofViews(21)))
                .contains("the checkpoint of the views is 21 (the topic was recreated, or its broker has lost events).")
                .endsWith("POST /api/streams/rides/topic?choose=rebuild begins the views anew with it");
    }

    @Test
    void another_topic_of_the_same_name_is_refused_wherever_the_checkpoint_is() {
        assertThatThrownBy(() -> OutsideLog.requireSame("taxi.rides", "rides", FIRST, SECOND))
                .isInstanceOf(UndecidedTopic.class)
                .hasMessage("topic taxi.rides was deleted and made again: its id is " + SECOND.get()
                        + ", and the checkpoints are of " + FIRST.get()
                        + ". Nothing is applied until somebody chooses: POST"
                        + " /api/streams/rides/topic?choose=continue applies what the topic has now after all that came"
                        + " before, POST /api/streams/rides/topic?choose=continue&from=end new events only, and POST"
                        + " /api/streams/rides/topic?choose=rebuild begins the views anew with it");
    }

    @Test
    void a_topic_without_an_id_is_told_by_its_log_alone() {
        assertThatCode(() -> {
                    OutsideLog.requireSame("taxi.rides", "rides", FIRST, FIRST);
                    OutsideLog.requireSame("taxi.rides", "rides", FIRST, Optional.empty());
                    OutsideLog.requireSame("taxi.rides", "rides", Optional.empty(), SECOND);
                })
                .doesNotThrowAnyException();
    }
}
