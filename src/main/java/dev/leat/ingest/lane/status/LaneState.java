package dev.leat.ingest.lane.status;

import java.time.Instant;
import java.util.Map;

/**
 * How a lane is. Each state follows from what has happened; the lane sets no other.
 *
 * <pre>
 *              opened
 *   Opening ──────────────────────▶ Flowing
 *      │ ▲                           │   ▲
 *      │ │         outage, a defect, │   │ opened again, or a batch is committed
 *      │ │         a lock            ▼   │
 *      │─┼────────────────────────▶ Waiting     resumes by itself
 *      │ │
 *      │ │   data that can't be taken, where the pipeline says to stop at it; a checkpoint outside of the log
 *      │ ├── Stopped ◀──────────────┐
 *      │ │   a defect, tried again leat.ingest.defect-tries times in vain; or the lane's thread has ended
 *      │ ├── Resting ◀──────────────┤
 *      │ │                          │
 *      │ │ resumed by somebody      Opening, Flowing, Waiting
 *      ▼
 *   Closed       from any state: revoked, or the process ends
 * </pre>
 */
public sealed interface LaneState {

    /** As metrics call them. */
    Map<Class<? extends LaneState>, String> NAMES = Map.of(
            Opening.class, "opening",
            Flowing.class, "flowing",
            Waiting.class, "waiting",
            Stopped.class, "stopped",
            Resting.class, "resting",
            Closed.class, "closed");

    record Opening() implements LaneState {}

    record Flowing() implements LaneState {}

    /** Something that the lane needs is unavailable, or a failure is tried again. */
    record Waiting(String reason, Instant since) implements LaneState {}

    /** Somebody has to look; the lane goes on when it is resumed. */
    record Stopped(String reason) implements LaneState {}

    /** A defect came again and again; the lane goes on when it is resumed. */
    record Resting(String reason) implements LaneState {}

    record Closed() implements LaneState {}

    /** As metrics and the API call it. */
    default String label() {
        return NAMES.get(getClass());
    }

    /** The lane was opened, or something went through. */
    default LaneState afterProgress() {
        return switch (this) {
            case Opening opening -> new Flowing();
            case Flowing flowing -> flowing;
            case Waiting waiting -> new Flowing();
            case Stopped stopped -> stopped;
            case Resting resting -> resting;
            case Closed closed -> closed;
        };
    }

    /** What it waits for now; since the first failure. */
    default LaneState afterFailure(String reason, Instant at) {
        return switch (this) {
            case Opening opening -> new Waiting(reason, at);
            case Flowing flowing -> new Waiting(reason, at);
            case Waiting waiting -> new Waiting(reason, waiting.since());
            case Stopped stopped -> stopped;
            case Resting resting -> resting;
            case Closed closed -> closed;
        };
    }

    default LaneState afterStop(String reason) {
        return new Stopped(reason);
    }

    default LaneState afterDefect(String reason) {
        return new Resting(reason);
    }

    /** Somebody has resumed it. */
    default LaneState afterResume() {
        return this instanceof Closed ? this : new Opening();
    }

    /** The lane's thread has ended in order. */
    default LaneState afterEnd() {
        return new Closed();
    }
}
