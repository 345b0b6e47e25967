package dev.leat.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/**
 * How fresh an answer is.
 *
 * @param stream the stream that the view follows
 * @param asOf when a batch of the stream's topic was last taken in, as the answer's snapshot of the database knows it;
 *     null while none was
 */
public record Freshness(
        String stream, @JsonProperty("as_of") Instant asOf) {}
