package dev.leat.view.time;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When windows become final. */
@ConfigMapping(prefix = "leat.view")
interface TimeConfig {

    /** How often it is looked whether any view can be closed further. */
    @WithDefault("1s")
    Duration closeEvery();

    /** How long a partition must have nothing to say before the others stop waiting for it. */
    @WithDefault("1m")
    Duration idleAfter();

    /** How long a late event can still be looked at. */
    @WithDefault("30d")
    Duration keepLate();
}
