package dev.leat.view.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.deadletter.ParkedKeys.Scope;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyGateTest {

    private static final byte[] A = {1};
    private static final byte[] B = {2};

    @Test
    void events_behind_the_offset_wait_and_those_in_front_do_not() {
        // Given
        KeyGate gate = new KeyGate(ParkedKeys.none());

        // When
        gate.park(A, new Scope("rides", "log"), 10);

        // Then
        assertThat(gate.blocks(A, 9, "rides", "log")).isFalse();
        assertThat(gate.blocks(A, 10, "rides", "log")).isFalse();
        assertThat(gate.blocks(A, 11, "rides", "log")).isTrue();
        assertThat(gate.blocks(B, 11, "rides", "log")).isFalse();
    }

    @Test
    void a_letter_of_one_view_parks_that_view_and_a_letter_of_none_parks_all() {
        // Given
        KeyGate gate = new KeyGate(ParkedKeys.none());

        // When
        gate.park(A, new Scope("rides", "log"), 1);
        gate.park(B, new Scope("rides", null), 1);

        // Then
        assertThat(gate.blocks(A, 2, "rides", "latest")).isFalse();
        assertThat(gate.blocks(A, 2, "rides", null)).isFalse();
        assertThat(gate.blocks(B, 2, "rides", "latest")).isTrue();
        assertThat(gate.blocks(B, 2, "rides", null)).isTrue();
        assertThat(gate.blocks(B, 2, "zones", "latest")).isFalse();
    }

    @Test
    void a_letter_of_no_stream_parks_all_streams_of_the_topic() {
        // Given
        KeyGate gate = new KeyGate(ParkedKeys.none());

        // When
        gate.park(A, new Scope(null, null), 1);

        // Then
        assertThat(gate.blocks(A, 2, "rides", "log")).isTrue();
        assertThat(gate.blocks(A, 2, "zones", null)).isTrue();
    }

    @Test
    void what_was_parked_before_blocks_every_event_and_is_handed_on() {
        // Given
        ParkedKeys before = new ParkedKeys(7, Map.of(ByteBuffer.wrap(A), Set.of(new Scope("rides", null))));

        // When
        KeyGate gate = new KeyGate(before);
        gate.park(B, new Scope("rides", "log"), 5);

        // Then
        assertThat(gate.blocks(A, 0, "rides", "log")).isTrue();
        assertThat(gate.parkedKeys())
                .isEqualTo(new ParkedKeys(
                        7,
                        Map.of(
                                ByteBuffer.wrap(A), Set.of(new Scope("rides", null)),
                                ByteBuffer.wrap(B), Set.of(new Scope("rides", "log")))));
        assertThat(before.keys())
                .describedAs("a batch that is rolled back leaves it")
                .hasSize(1);
    }

    @Test
    void nothing_waits_for_an_event_without_a_key() {
        // Given
        KeyGate gate = new KeyGate(ParkedKeys.none());

        // When
        gate.park(null, new Scope("rides", null), 1);

        // Then
        assertThat(gate.isOpen()).isTrue();
        assertThat(gate.blocks(null, 2, "rides", "log")).isFalse();
    }
}
