/**
 * Which views exist in Postgres: with which columns, by which stored definitions, in which generations, and which of them a
 * lane applies its batches to, whichever instance has created or changed them.
 *
 * <p>Guarantee: what is returned was read in one transaction. Two definitions with one hash derive the same rows.
 *
 * <p>May import: pipeline, schema, postgres.
 *
 * <p>What a new kind of view is defined by is added to {@link dev.leat.catalog.Definitions}; what decides its rows goes into
 * the hash. A new column of {@code leat.view} is read and written here.
 */
package dev.leat.catalog;
