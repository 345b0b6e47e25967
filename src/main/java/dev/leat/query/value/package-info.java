/**
 * Values of columns on their way out, as JSON, and on their way in, from text.
 *
 * <p>Guarantee: no digit is lost. Text that isn't a value of the column's type is refused before Postgres sees it.
 *
 * <p>May import: schema.types. A new kind of column gets its branch in {@code ColumnJson} and in {@code ColumnText}.
 */
package dev.leat.query.value;
