package dev.leat.schema.emit;

import java.util.List;
import org.apache.avro.Schema;

/**
 * What the rows of a view are written with, as the registry has it.
 *
 * @param id of 4 bytes, as it precedes each value
 * @param columns for each field of the schema the index of its column; -1 where the field's default is written
 */
public record EmittedContract(int id, Schema schema, List<Integer> columns) {}
