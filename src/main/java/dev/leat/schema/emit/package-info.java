/**
 * Rows written as Avro: contracts of what views emit, records of result rows, and events as objects of generated classes.
 *
 * <p>Guarantee: a value is written without loss of a digit, or refused; times that are finer than their type are rounded down.
 *
 * <p>Imports {@code contract}, {@code types} and {@code decode}, for the fields of records. What Avro type a kind of value is
 * emitted as, its codec says.
 */
package dev.leat.schema.emit;
