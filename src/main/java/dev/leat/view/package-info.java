/**
 * Views: the tables that are derived from streams, how a batch is applied to them, and what is remembered in the same
 * transaction: the lane's checkpoint and the dead letters.
 *
 * <p>Guarantee: a batch changes every view of its stream exactly once, together with the checkpoint, or not at all.
 *
 * <p>May import: pipeline, schema.
 */
package dev.leat.view;
