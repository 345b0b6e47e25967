package dev.leat.catalog;

import dev.leat.pipeline.View;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which views a lane applies its batches to, as Postgres had it at one moment. Immutable.
 *
 * @param live those that get every batch: active ones and generations that have caught up
 * @param lagging those that don't, with the offset from which they lack this lane's events
 * @param known names of all that Postgres knows, in whatever state; a declared view that isn't among them is live
 */
public record LaneViews(List<View> live, Map<View, Long> lagging, Set<String> known) {

    public static final LaneViews UNKNOWN = new LaneViews(List.of(), Map.of(), Set.of());
}
