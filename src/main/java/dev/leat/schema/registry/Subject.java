package dev.leat.schema.registry;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A subject of the registry.
 *
 * @param compatibility the subject's own rule for the next version; empty: the registry's rule for all counts
 * @param versions oldest first
 */
public record Subject(Optional<String> compatibility, List<Version> versions) {

    /** @param state {@code ENABLED}, {@code DEPRECATED}, {@code DISABLED} or {@code DRAFT} */
    public record Version(String number, long contentId, Instant createdAt, String state) {}
}
