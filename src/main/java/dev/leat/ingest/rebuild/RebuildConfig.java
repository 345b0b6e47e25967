package dev.leat.ingest.rebuild;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How hard rebuilds work beside the lanes. */
@ConfigMapping(prefix = "leat.rebuild")
interface RebuildConfig {

    /** Events in one transaction, at most. */
    @WithDefault("5000")
    int batchRecords();

    /** Which part of its time a rebuild works; the rest it leaves to the lanes. */
    @WithDefault("0.5")
    double share();

    /** A lane is handed over when no more events than these are left; it stands still while they are applied. */
    @WithDefault("1000")
    int handOverRecords();
}
