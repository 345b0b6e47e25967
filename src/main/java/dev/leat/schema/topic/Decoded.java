package dev.leat.schema.topic;

import dev.leat.schema.types.Rows;
import java.util.List;

/**
 * A run of records, decoded.
 *
 * @param rows one for each stream of the topic, in the pipeline's order; maybe empty
 * @param rejected those that became no row, by offset
 */
public record Decoded(List<Rows> rows, List<Rejected> rejected) {}
