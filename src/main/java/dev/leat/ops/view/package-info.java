/**
 * Administration of views over REST: rebuild, pause, resume, cancel, explain.
 *
 * <p>Guarantee: a request is saved and answered at once; an instance that ingests carries it out.
 *
 * <p>May import: http, schema, view.rebuild, view.table, view.writer. The next action on views goes into
 * {@code RebuildResource}.
 */
package dev.leat.ops.view;
