package dev.leat.catalog;

import dev.leat.pipeline.View;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which views a lane applies its batches to, as Postgres had it at one moment. Immutable.
 *
 * @param live those that get every batch: served ones and generations that have caught up
 * @param behind those that don't, and from which offset on they lack this lane's events
 * @param known names of all that Postgres knows, by whatever state; one that isn't among them is live where it is
 *     declared
 */
public record LaneViews(List<View> live, Map<View, Long> behind, Set<String> known) {

    public static final LaneViews UNKNOWN = new LaneViews(List.of(), Map.of(), Set.of());
}
