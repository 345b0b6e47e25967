/**
 * The type table: which codec a type has, and the kinds of value that are made of others.
 *
 * <p>Guarantee: every {@code ColumnType.Kind} has a codec, or the class {@link dev.leat.schema.types.table.TypeTable} doesn't
 * load.
 *
 * <p>Imports {@code types} and what lies beneath this package there. A further kind that is made of others is a class here;
 * one that isn't goes into {@code types.codec}.
 */
package dev.leat.schema.types.table;
