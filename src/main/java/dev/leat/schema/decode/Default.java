package dev.leat.schema.decode;

import dev.leat.schema.types.ColumnType;

/**
 * The value of a column whose field the writer of a record didn't know.
 *
 * @param value as {@link dev.leat.schema.types.Vector#valueAt} gives it
 */
public record Default(ColumnType type, Object value) {}
