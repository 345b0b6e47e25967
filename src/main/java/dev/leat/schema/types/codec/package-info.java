/**
 * The kinds of value that are one value: a codec for each. {@link dev.leat.schema.types.codec.ValueCodec} says what a codec
 * knows.
 *
 * <p>Guarantee: a codec reads what it writes, in each form. No digit is lost; what a form can't hold is refused.
 *
 * <p>Imports {@code types} and {@code types.avro}. A further kind is a class here, a constant of {@code ColumnType.Kind}, a
 * case of {@code AvroTypes.columnType} if Avro has the type, and a line of {@code types.table.TypeTable}. Kinds of time live
 * in {@code time}.
 */
package dev.leat.schema.types.codec;
