package dev.leat.view.rebuild;

import dev.leat.failure.Failure.Cause;
import dev.leat.pipeline.View;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;

/**
 * A view that is rebuilt beside its active generation, or that catches up after a pause.
 *
 * @param builds name of the generation that is filled; the view's own when it catches up; null before it is begun
 * @param definition what the new generation is derived by
 * @param message why it was refused or failed; else null
 * @param cause of which kind that is which it rests for; null where nobody has said
 * @param begins offset at which its history starts, by topic-partition, where that is after the stream's first event
 * @param done events that were applied to it, those of its live lanes not counted
 * @param todo offsets by which it lags behind the lanes
 * @param rate events a second, lately
 */
public record Rebuild(
        String view,
        String builds,
        View definition,
        Source source,
        State state,
        String message,
        Cause cause,
        Map<String, Long> begins,
        long done,
        long todo,
        double rate,
        OffsetDateTime startedAt,
        OffsetDateTime finishedAt) {

    /** Where a history comes from. */
    public enum Source {
        /** Lake and topic; all of it or nothing. */
        ALL,
        /** Lake and topic; what they have. */
        LAKE,
        /** The topic alone; what it has. */
        TOPIC;

        public boolean acceptsLess() {
            return this != ALL;
        }
    }

    /**
     * <pre>
     *   REQUESTED ──▶ RUNNING ◀──▶ PAUSED
     *       │            │           │
     *       ▼            ▼           ▼
     *    REFUSED   DONE, FAILED   CANCELLED
     * </pre>
     */
    public enum State {
        REQUESTED,
        RUNNING,
        PAUSED,
        DONE,
        REFUSED,
        FAILED,
        CANCELLED;

        public boolean isOver() {
            return this == DONE || this == REFUSED || this == FAILED || this == CANCELLED;
        }
    }

    /** Whether the active generation itself catches up, so that none will replace it. */
    public boolean isCatchUp() {
        return view.equals(builds);
    }

    /** Null while nothing says how long. */
    public Duration left() {
        return state != State.RUNNING || rate <= 0 ? null : Duration.ofSeconds(Math.round(todo / rate));
    }
}
