package dev.leat.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How many rows or entries an answer has. {@link Limits} checks the values at start. */
@ConfigMapping(prefix = "leat.query")
interface LimitConfig {

    /** When the question has no limit. */
    @WithDefault("100")
    int defaultLimit();

    /** At most. */
    @WithDefault("10000")
    int maxLimit();
}
