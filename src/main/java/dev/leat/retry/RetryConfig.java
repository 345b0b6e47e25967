package dev.leat.retry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How lanes and the relay wait while a server is unavailable, and how long the end of the process waits for them. */
@ConfigMapping(prefix = "leat.ingest")
public interface RetryConfig {

    /** First pause after an outage; each further one is about twice as long. */
    @WithDefault("100ms")
    Duration backoffMin();

    /** Longest pause between two tries. */
    @WithDefault("10s")
    Duration backoffMax();

    /** How often a lane tries what fails by a fault of Leat's own, before it rests and waits for somebody to resume it. */
    @WithDefault("5")
    int defectTries();

    /** How long a lane may take to finish its batch in hand when its partition goes elsewhere or the process ends. */
    @WithDefault("6s")
    Duration drainWithin();
}
