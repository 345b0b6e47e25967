/**
 * Columns: their types, their values as vectors, and the rows of a batch.
 *
 * <p>Guarantee: values are held in primitive form where their type has one, and don't change once their rows are handed on. A
 * shape only grows.
 *
 * <p>Imports {@code pipeline}, {@code contract} and {@code wire}. Beneath this package: {@code avro} reads Avro's bytes into
 * vectors; {@code codec} has a codec for each kind of value; {@code table} says which codec a type has. Each of these imports
 * only those named before it. A further kind of value starts in {@link dev.leat.schema.types.ColumnType.Kind}.
 */
package dev.leat.schema.types;
