/**
 * Event time: how far streams have come, which parts of views are final, and what came too late for them.
 *
 * <p>Guarantee: what a view was told to be closed through never goes back, and no batch changes a view while it is being
 * closed. An event that comes too late is kept aside, not lost.
 *
 * <p>May import: view.statement, pipeline, schema; nothing else of {@code view}.
 */
package dev.leat.view.time;
