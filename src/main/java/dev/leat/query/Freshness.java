package dev.leat.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;

/**
 * How fresh an answer is.
 *
 * @param streams the streams that the view follows
 * @param asOf when a batch of one of their topics was last applied, in the answer's snapshot of the database; null before
 *     the first. Of a view that isn't kept current, at most the time since when
 * @param undeclaredSince since when no pipeline declares the view, and nothing keeps it current; null, and left out, for one
 *     that is declared
 */
public record Freshness(
        List<String> streams,
        @JsonProperty("as_of") Instant asOf,

        @JsonProperty("undeclared_since") @JsonInclude(JsonInclude.Include.NON_NULL)
        Instant undeclaredSince) {

    /** Of a view that is kept current. */
    public Freshness(List<String> streams, Instant asOf) {
        this(streams, asOf, null);
    }

    /** Of a view that the pipeline declares, or doesn't, and that is kept current but since {@code leftAt}, if it isn't null. */
    static Freshness of(List<String> streams, Instant applied, Instant leftAt, boolean isDeclared) {
        boolean isOlder = leftAt != null && applied != null && leftAt.isBefore(applied);
        return new Freshness(streams, isOlder ? leftAt : applied, isDeclared ? null : leftAt);
    }
}
