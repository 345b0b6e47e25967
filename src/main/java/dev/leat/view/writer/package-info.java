/**
 * What applies rows to views. Here is what all kinds share: {@link dev.leat.view.writer.ViewWriter}, the interface that each
 * kind implements; {@link dev.leat.view.writer.TableWriter}, for kinds whose table has the stream's own columns; and the parts
 * of bulk statements. {@code log} is small enough to be here too; {@code latest} and {@code history} have packages of their own.
 *
 * <p>Guarantee: a writer changes tables only within the transaction that it is given. A row that its view can never hold is
 * told apart from an outage.
 *
 * <p>May import: schema, pipeline, postgres. A new kind gets a sub-package, which nothing here imports.
 */
package dev.leat.view.writer;
