package dev.leat.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopTest {

    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicInteger steps = new AtomicInteger();

    @Test
    void what_a_step_throws_after_the_end_is_no_failure() {
        Loop.run(ended, Duration.ZERO, () -> {
            if (steps.incrementAndGet() == 3) {
                ended.complete(null);
                throw new IllegalStateException("the container is gone");
            }
        });

        assertThat(steps).hasValue(3);
    }

    @Test
    void what_it_throws_before_ends_the_loop_with_it() {
        assertThatThrownBy(() -> Loop.run(ended, Duration.ZERO, () -> {
                    throw new IllegalStateException("before the end");
                }))
                .hasMessage("before the end");
    }

    @Test
    void one_that_begins_with_a_pause_does_nothing_when_the_end_comes_first() {
        ended.complete(null);

        Loop.runLater(ended, Duration.ofDays(1), steps::incrementAndGet);

        assertThat(steps).hasValue(0);
    }
}
