package dev.leat.view.rebuild;

/**
 * A lane that a view isn't live on.
 *
 * @param view name of the view or generation
 * @param next offset from which on it lacks events
 * @param version rises when somebody changes which events count; what was read before is out of date then
 * @param checkpoint where the lane itself goes on
 */
public record LaneToCatchUp(String view, String topic, int partition, long next, long version, long checkpoint) {}
