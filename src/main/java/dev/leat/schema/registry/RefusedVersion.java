package dev.leat.schema.registry;

/** The registry refuses a text as the newest version of the subject. */
public final class RefusedVersion extends RuntimeException {

    private final String reason;

    /** @param reason as the registry gives it */
    RefusedVersion(String subject, String reason) {
        super("the registry refuses a version of " + subject + ": " + reason, null, false, false);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
