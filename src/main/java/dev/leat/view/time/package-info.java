/**
 * Event time: the watermarks of streams, which parts of views are final, and late events.
 *
 * <p>Guarantee: {@code closed_through} of a view never goes back, and no batch changes a view while it is being closed. A late
 * event is kept aside, not lost.
 *
 * <p>A kind of view with something that becomes final implements {@link dev.leat.view.time.ClosableView}. May import:
 * view.writer, schema, pipeline, postgres.
 */
package dev.leat.view.time;
