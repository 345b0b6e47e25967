package dev.leat.schema.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;

/**
 * How a stream's contract came to be what it is.
 *
 * @param rule what the registry demands of the next version; null when the subject has no rule of its own
 * @param versions oldest first; empty while the registry doesn't know the subject
 */
public record SchemaHistory(String stream, String subject, String rule, List<Version> versions) {

    /**
     * One version.
     *
     * @param version as the registry numbers it
     * @param schemaId what framed values name; Apicurio's content id
     * @param state {@code ENABLED}, {@code DEPRECATED}, {@code DISABLED} or {@code DRAFT}
     * @param type full name of the record type
     * @param changes against the version before, in words; empty for the first, and where only documentation changed
     * @param columns those that this version was the first to have
     * @param problem why there are no changes or columns to tell, or what doesn't fit the existing columns; null when
     *     neither
     */
    public record Version(
            String version,
            @JsonProperty("schema_id") long schemaId,
            @JsonProperty("created_at") Instant createdAt,
            String state,
            String type,
            List<String> changes,
            List<String> columns,
            String problem) {}
}
