package dev.leat.ingest.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ExistingPartitionsAssignorTest {

    private static final Node[] NODES = {new Node(1, "localhost", 9092)};

    private static Subscription owning(int... partitions) {
        return new Subscription(
                List.of("t"),
                null,
                IntStream.of(partitions)
                        .mapToObj(p -> new TopicPartition("t", p))
                        .toList(),
                7,
                Optional.empty());
    }

    private static Map<String, List<PartitionInfo>> partitions(int count) {
        return Map.of(
                "t",
                IntStream.range(0, count)
                        .mapToObj(p -> new PartitionInfo("t", p, NODES[0], NODES, NODES))
                        .toList());
    }

    @Test
    void a_member_that_owns_a_partition_which_is_gone_leaves_room_for_one_that_is_there() {
        // Given
        Map<String, Subscription> members = new LinkedHashMap<>();
        members.put("first", owning());
        members.put("second", owning(1));

        // When
        Map<String, List<TopicPartition>> assigned =
                new ExistingPartitionsAssignor().assignPartitions(partitions(1), members);

        // Then
        assertThat(assigned.values().stream().flatMap(List::stream)).containsExactly(new TopicPartition("t", 0));
    }

    @Test
    void members_keep_what_they_own_and_is_there() {
        // Given
        Map<String, Subscription> members = new LinkedHashMap<>();
        members.put("first", owning(0, 2, 4));
        members.put("second", owning(1, 3));

        // When
        Map<String, List<TopicPartition>> assigned =
                new ExistingPartitionsAssignor().assignPartitions(partitions(4), members);

        // Then
        assertThat(assigned.get("first"))
                .containsExactlyInAnyOrder(new TopicPartition("t", 0), new TopicPartition("t", 2));
        assertThat(assigned.get("second"))
                .containsExactlyInAnyOrder(new TopicPartition("t", 1), new TopicPartition("t", 3));
    }
}
