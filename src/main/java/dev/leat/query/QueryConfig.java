package dev.leat.query;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Bounds of a query, and how soon a changed view is seen. {@link Limits} checks the values at start. */
@ConfigMapping(prefix = "leat.query")
public interface QueryConfig {

    /** How often the catalogue of views is read anew. */
    @WithDefault("2s")
    Duration refresh();

    /** Rows of an answer when the question has no limit. */
    @WithDefault("100")
    int defaultLimit();

    /** Most rows that a question may ask for. */
    @WithDefault("10000")
    int maxLimit();

    /** How long Postgres may work on one question. */
    @WithDefault("10s")
    Duration timeout();
}
