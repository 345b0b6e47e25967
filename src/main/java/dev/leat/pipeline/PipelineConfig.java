package dev.leat.pipeline;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Set;

/** Where the pipeline is declared and which parts of it this process runs. */
@ConfigMapping(prefix = "leat")
public interface PipelineConfig {

    /** File or folder of the pipeline; {@code classpath:} and a resource for one that is shipped. */
    @WithDefault("classpath:taxi/pipeline.yaml")
    String pipeline();

    /** What this process does: take events in, answer queries, or both. */
    @WithDefault("ingest,query")
    Set<Role> roles();

    /** A part of the work that a process may be given alone. */
    enum Role {
        INGEST,
        QUERY
    }
}
