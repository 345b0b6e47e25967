package dev.leat.schema.registry;

import dev.leat.failure.UnavailableException;

/** The registry can't answer now. Whoever asked waits and asks again; no record is at fault. */
public final class RegistryOutage extends UnavailableException {
    public RegistryOutage(String message, Throwable cause) {
        super(message, cause);
    }
}
