package dev.leat.schema.topic;

import dev.leat.schema.registry.SchemaId;
import dev.leat.schema.topic.Rejected.Reason;
import dev.leat.schema.wire.Records;
import java.util.List;

/** Makes the verdicts on records of one topic that become no row. */
final class Rejections {

    private final List<StreamContract> sources;

    Rejections(List<StreamContract> sources) {
        this.sources = sources;
    }

    /**
     * @param known null when the record doesn't say which stream it is for; it is for the topic's only one then, if there is
     *     one only
     * @param id null when the record names no schema
     */
    Rejected of(Records records, int index, StreamContract known, SchemaId id, Reason reason, String message) {
        StreamContract source = known == null && sources.size() == 1 ? sources.getFirst() : known;
        return new Rejected(
                source == null ? null : source.stream().name(),
                records.partition(),
                records.offset(index),
                records.timestamp(index),
                id == null ? null : id.value(),
                reason,
                message);
    }
}
