/**
 * Reads rides and zones from CSV files.
 *
 * <p>Guarantee: what can't be read ends the reading with the file, the line and the reason; no ride is dropped silently.
 *
 * <p>May import: the classes that are generated from {@code avro/}.
 *
 * <p>Another file format is another package beside this one.
 */
package dev.leat.demo.csv;
