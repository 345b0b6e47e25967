package dev.leat.retry;

import java.time.Duration;

/** Retries that wait for no time to speak of. */
public record QuickRetry() implements RetryConfig {

    @Override
    public Duration backoffMin() {
        return Duration.ofMillis(1);
    }

    @Override
    public Duration backoffMax() {
        return Duration.ofMillis(1);
    }

    @Override
    public int defectTries() {
        return 3;
    }

    @Override
    public Duration drainWithin() {
        return Duration.ofSeconds(6);
    }
}
