package dev.leat.ingest.rebuild;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How much of the machine rebuilds take beside the lanes. */
@ConfigMapping(prefix = "leat.rebuild")
interface RebuildConfig {

    /** Events in one transaction, at most. */
    @WithDefault("5000")
    int batchRecords();

    /** The part of its time that a rebuild works, from 0 to 1; the rest is left to the lanes. */
    @WithDefault("0.5")
    double share();

    /** A lane is handed over when no more events than these are left; it is locked while they are applied. */
    @WithDefault("1000")
    int handOverRecords();
}
