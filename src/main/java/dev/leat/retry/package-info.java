/**
 * Retries while something is unavailable: one way to back off, to log an outage once, and to stop when closed.
 *
 * <p>Guarantee: an outage's begin and end are told once each. A pause ends early when the caller is closed or
 * interrupted. Other failures than outages pass through at once.
 *
 * <p>May import: nothing of ours. Whether a failure is an outage is the caller's to say.
 *
 * <p>Another way to wait goes beside {@link dev.leat.retry.Retry}, upon {@link dev.leat.retry.Outage}.
 */
package dev.leat.retry;
