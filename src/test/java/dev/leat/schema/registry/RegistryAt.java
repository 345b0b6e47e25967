package dev.leat.schema.registry;

import java.time.Duration;

/** A registry at this address, with the defaults of all other settings but for how long an answer is waited for. */
public record RegistryAt(String url, Duration timeout) implements RegistryConfig {

    public RegistryAt(String url) {
        this(url, Duration.ofSeconds(10));
    }

    @Override
    public String group() {
        return "default";
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
