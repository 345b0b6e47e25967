package dev.leat.ingest.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.ingest.topic.Choice.From;
import dev.leat.view.lane.KnownTopic;
import dev.leat.view.lane.PgTopics.LakePosition;
import dev.leat.view.lane.PgTopics.Positions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TopicChangeTest {

    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);

    private static TopicChange change(
            KnownTopic known, Map<Integer, Long> lanes, UUID id, Map<Integer, LogRange> logs) {
        return TopicChange.of(new Positions(known, lanes, List.of()), new KafkaTopic("t", id, logs));
    }

    private static KnownTopic known(UUID id, long base) {
        return new KnownTopic(id, 1, base);
    }

    @Test
    void the_same_topic_with_all_that_its_lanes_need_is_no_change() {
        TopicChange change =
                change(known(A, 0), Map.of(0, 5L, 1, 0L), A, Map.of(0, new LogRange(2, 9), 1, new LogRange(0, 0)));

        assertThat(change.isAnew()).isFalse();
        assertThat(change.isGap()).isFalse();
    }

    @Test
    void another_id_is_another_topic_though_the_checkpoint_is_inside_of_its_log() {
        TopicChange change = change(known(A, 0), Map.of(0, 5L), B, Map.of(0, new LogRange(0, 50)));
        KnownTopic next = known(A, 0).followedBy(B, change.highest());

        assertThat(change.isAnew()).isTrue();
        assertThat(next).isEqualTo(new KnownTopic(B, 2, 1_000_000));
        assertThat(change.laneGoesOn(0, next, From.BEGINNING)).isEqualTo(1_000_000);
        assertThat(change.laneGoesOn(0, next, From.END)).isEqualTo(1_000_050);
    }

    @Test
    void positions_grow_with_each_topic_of_the_name() {
        KnownTopic first = new KnownTopic(A, 1, 0);
        KnownTopic second = first.followedBy(B, 0);
        KnownTopic third = second.followedBy(A, 1_000_017);
        KnownTopic fourth = third.followedBy(B, 5_499_999);

        assertThat(List.of(second.base(), third.base(), fourth.base()))
                .containsExactly(1_000_000L, 2_000_000L, 6_000_000L);
    }

    @Test
    void without_ids_a_log_that_ends_before_the_checkpoint_is_another_topic_and_so_are_its_other_partitions() {
        TopicChange change =
                change(known(null, 0), Map.of(0, 5L, 1, 1L), B, Map.of(0, new LogRange(0, 3), 1, new LogRange(0, 4)));
        KnownTopic next = known(null, 0).followedBy(B, change.highest());

        assertThat(change.isAnew()).isTrue();
        assertThat(change.laneGoesOn(0, next, From.BEGINNING)).isEqualTo(1_000_000);
        assertThat(change.laneGoesOn(1, next, From.BEGINNING)).isEqualTo(1_000_000);
    }

    @Test
    void where_the_broker_has_lost_events_of_the_same_topic_only_that_partition_begins_anew() {
        TopicChange change =
                change(known(A, 0), Map.of(0, 5L, 1, 3L), A, Map.of(0, new LogRange(0, 4), 1, new LogRange(0, 7)));
        KnownTopic next = known(A, 0).followedBy(A, change.highest());

        assertThat(change.isAnew()).isTrue();
        assertThat(change.laneGoesOn(0, next, From.END)).isEqualTo(1_000_004);
        assertThat(change.laneGoesOn(1, next, From.END)).isEqualTo(1_000_003);
    }

    @Test
    void what_retention_has_removed_is_a_gap_and_nothing_else_moves() {
        TopicChange change =
                change(known(A, 0), Map.of(0, 5L, 1, 3L), A, Map.of(0, new LogRange(8, 9), 1, new LogRange(0, 7)));

        assertThat(change.isAnew()).isFalse();
        assertThat(change.isGap()).isTrue();
        assertThat(change.laneGoesOn(0, known(A, 0), From.BEGINNING)).isEqualTo(8);
        assertThat(change.laneGoesOn(0, known(A, 0), From.END)).isEqualTo(9);
        assertThat(change.laneGoesOn(1, known(A, 0), From.END)).isEqualTo(3);
    }

    @Test
    void a_topic_with_fewer_or_more_partitions_takes_the_old_ones_out_and_the_new_ones_in() {
        TopicChange change = change(
                known(A, 1_000_000),
                Map.of(0, 1_000_005L, 1, 1_000_009L),
                B,
                Map.of(0, new LogRange(0, 3), 2, new LogRange(1, 4)));
        KnownTopic next = known(A, 1_000_000).followedBy(B, change.highest());

        assertThat(change.partitions()).containsExactly(0, 1, 2);
        assertThat(change.gone()).containsExactly(1);
        assertThat(change.laneGoesOn(1, next, From.BEGINNING)).isEqualTo(2_000_000);
        assertThat(change.laneGoesOn(2, next, From.BEGINNING)).isEqualTo(2_000_001);
    }

    @Test
    void what_the_views_have_and_the_lake_never_will_is_told() {
        Positions at = new Positions(known(A, 0), Map.of(0, 50L), List.of(new LakePosition("rides", 0, 30, false)));
        TopicChange change = TopicChange.of(at, new KafkaTopic("t", B, Map.of(0, new LogRange(0, 3))));
        KnownTopic next = known(A, 0).followedBy(B, 50);

        assertThat(change.lakesGoOn(next, From.BEGINNING))
                .containsExactly(new LakePosition("rides", 0, 1_000_000, true));
        assertThat(change.lost(change.lakesGoOn(next, From.BEGINNING)))
                .containsExactly("the lake of stream rides will never have positions 30 to 49 of partition 0");
    }

    @Test
    void a_lake_that_had_all_that_the_views_have_goes_on_whole() {
        Positions at = new Positions(known(A, 0), Map.of(0, 50L), List.of(new LakePosition("rides", 0, 50, false)));
        TopicChange change = TopicChange.of(at, new KafkaTopic("t", B, Map.of(0, new LogRange(0, 3))));

        assertThat(change.lakesGoOn(known(A, 0).followedBy(B, 50), From.BEGINNING))
                .containsExactly(new LakePosition("rides", 0, 1_000_000, false));
    }
}
