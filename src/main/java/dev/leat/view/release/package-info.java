/**
 * Releases events that wait for the right side of a view's join ({@code wait:}).
 *
 * <p>Guarantee: an event that waits is applied to its view exactly once, in the order of its partition, by whichever instance.
 * The lane's checkpoint is held meanwhile. What the view can't take becomes a dead letter of that view, with its bytes.
 *
 * <pre>
 *   Release                 by view, as often as views are closed
 *     ViewRelease           by partition and chunk; once more when tables lack columns
 *       ReleaseTransaction  hold the lane, choose, decode, apply, forget
 * </pre>
 *
 * <p>Which events wait is decided when they come, in {@code view.lane.apply}. How far the right side has come is noted where
 * views are closed, in {@code view.time}. May import: view.lane, view.deadletter, view.table, view.sql, view.time, view.writer,
 * catalog, postgres, pipeline, schema. Another step of a release goes into {@link
 * dev.leat.view.release.ReleaseTransaction}.
 */
package dev.leat.view.release;
