package dev.leat.view.time;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When windows become final. */
@ConfigMapping(prefix = "leat.view")
interface TimeConfig {

    /** How often views are closed, as far as watermarks allow. */
    @WithDefault("1s")
    Duration closeEvery();

    /** How long a partition must have no event before it is idle and no longer holds the watermark back. */
    @WithDefault("1m")
    Duration idleAfter();

    /** How long late events are kept. */
    @WithDefault("30d")
    Duration keepLate();
}
