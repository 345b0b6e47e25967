package dev.leat.postgres;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Where view tables are kept, and how Leat uses Postgres. */
@ConfigMapping(prefix = "leat.view")
public interface PostgresConfig {

    /** The Postgres schema of the view tables. Leat owns it. */
    @WithDefault("views")
    String schema();

    /** How long one statement may take. A longer one counts as an outage, and the lane applies the batch again. */
    @WithDefault("60s")
    Duration timeout();

    /**
     * How many lanes have a transaction at once; the others wait their turn. Less than
     * {@code quarkus.datasource.reactive.max-size} (20), so that queries and health find a connection.
     */
    @WithDefault("16")
    int transactions();

    /** Whether this process migrates Leat's own tables at start; false where a job does that. */
    @WithDefault("true")
    boolean migrate();
}
