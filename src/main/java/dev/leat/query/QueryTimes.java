package dev.leat.query;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** {@code leat.query.timeout} and {@code leat.query.refresh}. A wrong value ends the start, not the first question. */
@Startup
@ApplicationScoped
class QueryTimes {

    private final long timeout;
    private final long refresh;

    QueryTimes(QueryConfig config) {
        this.timeout = atLeastOne("leat.query.timeout", config.timeout());
        this.refresh = atLeastOne("leat.query.refresh", config.refresh());
    }

    private static long atLeastOne(String key, Duration duration) {
        if (duration.toMillis() < 1) {
            throw new IllegalArgumentException(key + " must be at least 1ms, and is " + duration);
        }
        return duration.toMillis();
    }

    /** How long Postgres may work on one question, in milliseconds. */
    long timeout() {
        return timeout;
    }

    /** Milliseconds from one read of the catalogue to the next. */
    long refresh() {
        return refresh;
    }
}
