package dev.leat.ingest.lane;

import java.time.Instant;
import java.util.Map;

/**
 * How a lane is.
 *
 * <pre>
 *   Opening ──▶ Flowing ◀──▶ Waiting          Waiting: an outage; it goes on by itself
 *      │           │            │
 *      └───────────┴────────────┴──▶ Stopped   somebody has to look
 *                  └──▶ Closed                 the partition went elsewhere, or the process ends
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

    record Waiting(String reason, Instant since) implements LaneState {}

    record Stopped(String reason) implements LaneState {}

    record Closed() implements LaneState {}
}
