package dev.leat.schema.registry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the registry is reached and how long we believe it. */
@ConfigMapping(prefix = "leat.registry")
public interface RegistryConfig {

    /** Base URL of Apicurio Registry's core API, version 3, as {@code http://registry:8080/apis/registry/v3}. */
    String url();

    /** The group of the subjects. */
    @WithDefault("default")
    String group();

    /** How long an answer is waited for, before the question is asked once more, and then is an outage. */
    @WithDefault("10s")
    Duration timeout();

    /**
     * How long after its record was written an id that the registry doesn't know is asked for again, before the record
     * becomes a dead letter: a registry that replicates may learn of it a little later than we do.
     */
    @WithDefault("2s")
    Duration unknownGrace();

    /** How long an id stays unknown without being asked for again. */
    @WithDefault("1m")
    Duration unknownFor();

    /** How often it is asked whether its ids still mean what they did: a registry that lost its memory gives them again. */
    @WithDefault("1m")
    default Duration checkEvery() {
        return Duration.ofMinutes(1);
    }
}
