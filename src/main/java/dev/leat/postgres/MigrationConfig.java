package dev.leat.postgres;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Who migrates. */
@ConfigMapping(prefix = "leat.view")
interface MigrationConfig {

    /** Whether this process brings Leat's own tables up to date at start; false where a job does that. */
    @WithDefault("true")
    boolean migrate();
}
