package dev.leat.query.graphql;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Bounds of one GraphQL request; {@code leat.query.max-limit} bounds the rows of each of its fields. */
@ConfigMapping(prefix = "leat.query.graphql")
interface GraphQlConfig {

    /** Levels of selection. Views need 2; introspection as tools ask it needs about 15. */
    @WithDefault("20")
    int maxDepth();

    /** Top-level fields: each is a query of Postgres. */
    @WithDefault("10")
    int maxFields();
}
