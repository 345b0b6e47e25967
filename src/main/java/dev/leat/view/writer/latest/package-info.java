/**
 * {@code latest} views: one row a key.
 *
 * <p>Guarantee: an older event never overwrites a newer one, and never brings back what was deleted after it, in whatever
 * order and batches events come; as long as {@code remember-deletes} says.
 *
 * <p>Another way to keep deletes is another {@link dev.leat.view.writer.latest.Deletes}. May import: view.writer, catalog, schema,
 * pipeline, postgres.
 */
package dev.leat.view.writer.latest;
