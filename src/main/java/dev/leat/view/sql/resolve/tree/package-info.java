/**
 * The parse trees that Postgres stores for views: a reader of their form, and what is found in them by OIDs.
 *
 * <p>Guarantee: trees of Postgres 15 to 18 tell the same. Nodes that nobody here knows are read like others.
 *
 * <p>What is asked of the trees anew goes to {@link dev.leat.view.sql.resolve.tree.StoredTree}; what the OIDs mean is for
 * view.sql.resolve to find out.
 *
 * <p>May import: nothing of ours.
 */
package dev.leat.view.sql.resolve.tree;
