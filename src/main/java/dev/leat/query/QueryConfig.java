package dev.leat.query;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long a query may take, and how soon a changed view is seen. {@link QueryTimes} checks the values at start. */
@ConfigMapping(prefix = "leat.query")
interface QueryConfig {

    /** How often the catalogue of views is read again. */
    @WithDefault("2s")
    Duration refresh();

    /** How long Postgres may work on one question. */
    @WithDefault("10s")
    Duration timeout();
}
