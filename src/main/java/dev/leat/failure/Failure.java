package dev.leat.failure;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Locale;

/**
 * Why something doesn't go on, as an operator sees it.
 *
 * @param scope what it stops
 * @param cause of which kind it is, and so what mends it
 * @param message what happened, where, and what to do
 * @param since when it began
 * @param times how often it has been met since
 * @param rests whether it isn't tried again before somebody resumes it
 */
public record Failure(Scope scope, Cause cause, String message, Instant since, long times, boolean rests) {

    /** Lower case in JSON and in metrics. */
    public enum Cause {
        /** Something that is needed is unavailable. It is tried again until it is there. */
        @JsonProperty("outage")
        OUTAGE,
        /** Something that is declared doesn't exist, for example a topic. It is looked for again. */
        @JsonProperty("missing")
        MISSING,
        /** A contract or a definition doesn't fit. It is tried again when it changes. */
        @JsonProperty("unfit")
        UNFIT,
        /** Data that can't be taken, where the pipeline says to stop at it; or that can't be sent. */
        @JsonProperty("refused")
        REFUSED,
        /** A fault of Leat's own. Its stack is in the log. */
        @JsonProperty("defect")
        DEFECT;

        /** As it is written in JSON and in metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Failure again(String latest, boolean nowRests) {
        return new Failure(scope, cause, latest, since, times + 1, nowRests);
    }
}
