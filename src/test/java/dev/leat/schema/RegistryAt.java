package dev.leat.schema;

import java.time.Duration;

/** A registry at this address, with the defaults of all other settings. */
record RegistryAt(String url) implements RegistryConfig {

    @Override
    public String group() {
        return "default";
    }

    @Override
    public Duration timeout() {
        return Duration.ofSeconds(10);
    }

    @Override
    public Duration unknownGrace() {
        return Duration.ofSeconds(2);
    }

    @Override
    public Duration unknownFor() {
        return Duration.ofMinutes(1);
    }
}
