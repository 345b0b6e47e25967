package dev.leat.view.redrive;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long dead letters are kept. */
@ConfigMapping(prefix = "leat.view")
interface RedriveConfig {

    /** How long a dead letter that was redriven or evicted can still be looked at. */
    @WithDefault("30d")
    Duration keepResolved();
}
