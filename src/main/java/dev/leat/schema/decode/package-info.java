/**
 * Decoding to columns: how records of one writer's schema become rows of one shape, one record or a block at a time.
 *
 * <p>Guarantee: a plan appends one value to each vector of the shape, or fails with {@link
 * dev.leat.schema.types.avro.AvroCursor.Malformed}; what was appended then is abandoned by the caller.
 *
 * <p>Which column a field goes into is {@link dev.leat.schema.names.FieldNames}: decided once a version, by those before it.
 *
 * <p>Imports {@code contract}, {@code registry}, {@code wire} and {@code types}. A further form of record is another {@link
 * dev.leat.schema.decode.RowPlan}; a further form of key is a case of {@link dev.leat.schema.decode.PlainKeys}.
 */
package dev.leat.schema.decode;
