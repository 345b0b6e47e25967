package dev.leat.ingest.lane.status;

import java.time.Instant;
import java.util.Map;

/**
 * How a lane is. Each state follows from what has happened; the lane sets no other.
 *
 * <pre>
 *              opened
 *   Opening ──────────────────────▶ Flowing
 *      │                             │   ▲
 *      │                      outage │   │ opened again, or a batch is committed
 *      │ outage                      ▼   │
 *      └──────────────────────────▶ Waiting     resumes by itself
 *
 *   Opening, Flowing, Waiting ── a failure that somebody has to look at ──▶ Stopped
 *   Opening, Flowing, Waiting ── revoked, or the process ends ────────────▶ Closed
 * </pre>
 */
public sealed interface LaneState {

    /** As metrics call them. */
    Map<Class<? extends LaneState>, String> NAMES = Map.of(
            Opening.class, "opening",
            Flowing.class, "flowing",
            Waiting.class, "waiting",
            Stopped.class, "stopped",
            Closed.class, "closed");

    record Opening() implements LaneState {}

    record Flowing() implements LaneState {}

    /** Something that the lane needs is unavailable. */
    record Waiting(String reason, Instant since) implements LaneState {}

    record Stopped(String reason) implements LaneState {}

    record Closed() implements LaneState {}

    /** The lane was opened, or something went through. */
    default LaneState afterProgress() {
        return switch (this) {
            case Opening opening -> new Flowing();
            case Flowing flowing -> flowing;
            case Waiting waiting -> new Flowing();
            case Stopped stopped -> stopped;
            case Closed closed -> closed;
        };
    }

    default LaneState afterOutage(String reason, Instant at) {
        return switch (this) {
            case Opening opening -> new Waiting(reason, at);
            case Flowing flowing -> new Waiting(reason, at);
            case Waiting waiting -> waiting;
            case Stopped stopped -> stopped;
            case Closed closed -> closed;
        };
    }

    default LaneState afterStop(String reason) {
        return new Stopped(reason);
    }

    /** The lane's thread has ended. */
    default LaneState afterEnd() {
        return this instanceof Stopped ? this : new Closed();
    }
}
