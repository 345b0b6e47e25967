package dev.leat.schema;

/**
 * One column of a stream.
 *
 * @param name as in Avro; the parts of a nested record's field are joined with {@code _}
 * @param required whether every event but a delete has a value
 * @param doc what the contract says of it; empty if nothing
 */
public record Column(String name, ColumnType type, boolean required, String doc) {}
