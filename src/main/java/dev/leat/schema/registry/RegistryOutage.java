package dev.leat.schema.registry;

/** The registry can't answer now. Whoever asked waits and asks again; no record is at fault. */
public final class RegistryOutage extends RuntimeException {
    public RegistryOutage(String message, Throwable cause) {
        super(message, cause);
    }
}
