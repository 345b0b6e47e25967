package dev.leat.postgres;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Where view tables stand and how long Postgres may take. */
@ConfigMapping(prefix = "leat.view")
public interface ViewConfig {

    /** The Postgres schema of the view tables. Leat owns it. */
    @WithDefault("views")
    String schema();

    /** How long one statement may take before the lane holds it for an outage and begins the batch anew. */
    @WithDefault("60s")
    Duration timeout();

    /**
     * How many lanes have a transaction at once; the others wait their turn. Less than
     * {@code quarkus.datasource.reactive.max-size} (20), so that queries and health find a connection.
     */
    @WithDefault("16")
    int transactions();
}
