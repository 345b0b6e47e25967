/**
 * Start-up: what must exist before the first event is applied, in which order, for the roles of this process.
 *
 * <p>Guarantee: no event is applied before all steps are done. A step whose server is unavailable is retried; a pipeline
 * that can't run ends the process with the reason.
 *
 * <p>May import: anything. Nobody imports it; who waits for start-up asks {@link dev.leat.catalog.ViewsReady}.
 *
 * <p>The next step of start-up is a line in {@link dev.leat.app.Startup}.
 */
package dev.leat.app;
