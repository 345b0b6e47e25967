package dev.leat.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchSizeTest {

    private static final Duration WITHIN = Duration.ofMillis(500);

    private final BatchSize size = new BatchSize(10_000, WITHIN);

    @Test
    void it_doubles_up_to_its_bound_while_full_batches_take_less_than_half_of_the_time() {
        for (int i = 0; i < 10; i++) {
            size.took(size.records(), Duration.ofMillis(249));
        }

        assertThat(size.records()).isEqualTo(10_000);
    }

    @Test
    void it_stays_while_full_batches_take_more_than_half_of_the_time() {
        int before = size.records();

        size.took(before, Duration.ofMillis(300));

        assertThat(size.records()).isEqualTo(before);
    }

    @Test
    void it_does_not_grow_by_batches_that_were_not_full() {
        int before = size.records();

        size.took(before - 1, Duration.ofMillis(1));

        assertThat(size.records()).isEqualTo(before);
    }

    @Test
    void it_shrinks_in_proportion_to_what_would_have_gone_through_in_time() {
        size.took(size.records(), Duration.ofSeconds(1));

        assertThat(size.records()).isEqualTo(500);
    }

    @Test
    void it_shrinks_by_a_slow_batch_that_was_not_full() {
        size.took(600, Duration.ofSeconds(1));

        assertThat(size.records()).isEqualTo(300);
    }

    @Test
    void it_keeps_a_hundredth_however_long_a_transaction_takes_by_itself() {
        for (int i = 0; i < 10; i++) {
            size.took(size.records(), Duration.ofSeconds(60));
        }

        assertThat(size.records()).isEqualTo(100);
        assertThat(new BatchSize(1, WITHIN).records()).isEqualTo(1);
    }
}
