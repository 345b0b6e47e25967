package dev.leat.http;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * How many rows or entries an answer may have: {@code leat.query.default-limit} and {@code max-limit}. A wrong value ends
 * the start, not the first question.
 */
@Startup
@ApplicationScoped
public class Limits {

    private final int defaultLimit;
    private final int maxLimit;

    Limits(LimitConfig config) {
        this.defaultLimit = config.defaultLimit();
        this.maxLimit = config.maxLimit();
        if (maxLimit < 1) {
            throw new IllegalArgumentException("leat.query.max-limit must be at least 1, and is " + maxLimit);
        }
        if (defaultLimit < 1 || defaultLimit > maxLimit) {
            throw new IllegalArgumentException("leat.query.default-limit must be between 1 and leat.query.max-limit ("
                    + maxLimit + "), and is " + defaultLimit);
        }
    }

    /** The limit of a question that names none. */
    public int defaultLimit() {
        return defaultLimit;
    }

    /** The limit that was asked for, if it is in range; else a {@link Problem}. */
    public int checked(long limit) {
        if (limit < 1 || limit > maxLimit) {
            throw outOfRange(Long.toString(limit));
        }
        return (int) limit;
    }

    /**
     * The same for a limit that is still text.
     *
     * @param limit null for the default
     */
    public int checked(String limit) {
        if (limit == null) {
            return defaultLimit;
        }
        try {
            return checked(Long.parseLong(limit));
        } catch (NumberFormatException e) {
            throw outOfRange(limit);
        }
    }

    private Problem outOfRange(String limit) {
        return Problem.badParameter("limit", "limit must be between 1 and " + maxLimit + ", and is '" + limit + "'");
    }
}
