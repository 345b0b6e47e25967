package dev.leat.ops.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.lane.ViewsFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** For what the lanes of a topic wait that is read after others. */
class ReadingOrderTest {

    @Test
    void a_topic_that_is_read_after_others_says_which_lane_it_waits_for_and_how_far_that_is() {
        try (ViewsFixture database = new ViewsFixture()) {
            // Given
            database.run("INSERT INTO leat.read_first (topic, first, partitions, ends)"
                    + " VALUES ('orders', 'prices', '{0,1,2}', '{100,50,10}'), ('rides', 'zones', '{0}', '{7}')");
            database.run("INSERT INTO leat.checkpoint (topic, partition, next_offset)"
                    + " VALUES ('prices', 0, 40), ('prices', 2, 10), ('zones', 0, 7)");

            // When
            Map<String, List<ReadingOrder.First>> waiting =
                    ReadingOrder.waiting(database.pool()).await().indefinitely();

            // Then
            assertThat(ReadingOrder.sentence(waiting.get("orders")))
                    .isEqualTo("it is read after lane prices-0, which is at 40 of 100, and 1 more");
            assertThat(ReadingOrder.sentence(waiting.get("rides")))
                    .describedAs("zones are read as far as that")
                    .isNull();
        }
    }

    @Test
    void only_a_lane_that_waits_says_so() {
        assertThat(StreamStates.partition(0, null, null, "waiting", "it is read after lane prices-0")
                        .waitsFor())
                .isEqualTo("it is read after lane prices-0");
        assertThat(StreamStates.partition(0, null, null, "flowing", "it is read after lane prices-0")
                        .waitsFor())
                .isNull();
    }
}
