package dev.leat.schema.topic;

import dev.leat.schema.types.Rows;
import java.util.List;
import java.util.Set;

/**
 * A run of records, decoded.
 *
 * @param rows one for each stream of the topic, in the pipeline's order; maybe empty
 * @param rejected those that became no row, by offset
 * @param others the types of records that no stream of the topic declares, whether they were rejected or skipped
 */
public record Decoded(List<Rows> rows, List<Rejected> rejected, Set<String> others) {

    /** One without records of other types. */
    public Decoded(List<Rows> rows, List<Rejected> rejected) {
        this(rows, rejected, Set.of());
    }
}
