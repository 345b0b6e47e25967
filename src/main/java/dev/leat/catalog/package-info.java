/**
 * How views stand in Postgres: by what definition each was made, which generations of it there are, and which of them a lane
 * applies its batches to, whichever instance has made or changed them.
 *
 * <p>Guarantee: what is given out was read in one transaction; two definitions with one hash make the same rows.
 *
 * <p>May import: view.statement, pipeline; nothing else of {@code view}.
 */
package dev.leat.catalog;
