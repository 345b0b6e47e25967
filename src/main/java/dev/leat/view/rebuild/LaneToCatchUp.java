package dev.leat.view.rebuild;

/**
 * A lane that a view isn't live on.
 *
 * @param view name of the view or generation
 * @param next offset of the first event that it lacks
 * @param version rises when somebody changes which events count; rows that were read before are out of date then
 * @param checkpoint the lane's own position
 */
public record LaneToCatchUp(String view, String topic, int partition, long next, long version, long checkpoint) {}
