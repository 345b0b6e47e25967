package dev.leat.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;

/**
 * How fresh an answer is.
 *
 * @param streams the streams that the view follows
 * @param asOf when a batch of one of their topics was last applied, in the answer's snapshot of the database; null before
 *     the first
 */
public record Freshness(
        List<String> streams, @JsonProperty("as_of") Instant asOf) {}
