/**
 * Administration of views over REST: rebuild, pause, resume, cancel, explain; and what is counted of their groups.
 *
 * <p>Guarantee: a request is saved and answered at once; an instance that ingests carries it out.
 *
 * <p>May import: http, schema, postgres, retry, failure, view.rebuild, view.table, view.writer. The next action on views goes into
 * {@code RebuildResource}.
 */
package dev.leat.ops.view;
