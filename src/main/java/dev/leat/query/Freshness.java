package dev.leat.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;

/**
 * How fresh an answer is.
 *
 * @param streams the streams that the view follows
 * @param asOf when a batch of one of their topics was last taken in, as the answer's snapshot of the database knows it;
 *     null while none was
 */
public record Freshness(
        List<String> streams, @JsonProperty("as_of") Instant asOf) {}
