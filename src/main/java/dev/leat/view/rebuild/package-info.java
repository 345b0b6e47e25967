/**
 * Changing a view: what a view is made by, which generations of it a lane applies, and how far a rebuild has come.
 *
 * <p>Guarantee: values only; what they say was read in one transaction.
 *
 * <p>May import: pipeline, schema.
 */
package dev.leat.view.rebuild;
