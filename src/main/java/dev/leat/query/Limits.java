package dev.leat.query;

import dev.leat.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** The bounds of every question, checked once: {@code leat.query.default-limit}, {@code max-limit}, {@code timeout}. */
@ApplicationScoped
public class Limits {

    private final int defaultLimit;
    private final int maxLimit;
    private final Duration timeout;

    Limits(QueryConfig config) {
        this.defaultLimit = config.defaultLimit();
        this.maxLimit = config.maxLimit();
        this.timeout = config.timeout();
        demand(maxLimit >= 1, "leat.query.max-limit must be at least 1, and is " + maxLimit);
        demand(
                defaultLimit >= 1 && defaultLimit <= maxLimit,
                "leat.query.default-limit must be between 1 and leat.query.max-limit (" + maxLimit + "), and is "
                        + defaultLimit);
        demand(timeout.toMillis() >= 1, "leat.query.timeout must be at least 1ms, and is " + timeout);
        demand(config.refresh().toMillis() >= 1, "leat.query.refresh must be at least 1ms, and is " + config.refresh());
    }

    private static void demand(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** The limit of a question that names none. */
    public int defaultLimit() {
        return defaultLimit;
    }

    /** How long Postgres may work on one question. */
    public Duration timeout() {
        return timeout;
    }

    /** The limit that was asked for, if it is in range; else a {@link Problem}. */
    public int checked(long limit) {
        if (limit < 1 || limit > maxLimit) {
            throw outOfRange(Long.toString(limit));
        }
        return (int) limit;
    }

    /** The same for a limit that is still text. */
    public int checked(String limit) {
        try {
            return checked(Long.parseLong(limit));
        } catch (NumberFormatException e) {
            throw outOfRange(limit);
        }
    }

    private Problem outOfRange(String limit) {
        return Problems.badParameter("limit", "limit must be between 1 and " + maxLimit + ", and is '" + limit + "'");
    }
}
