/**
 * Avro's binary encoding, read from a byte array without objects, and which column a schema becomes.
 *
 * <p>Guarantee: bytes that aren't what the schema says are {@link dev.leat.schema.types.avro.AvroCursor.Malformed}, whatever
 * they are; no read goes past the record.
 *
 * <p>Imports {@code types}. A further logical type of Avro is a case of {@link dev.leat.schema.types.avro.AvroTypes}.
 */
package dev.leat.schema.types.avro;
