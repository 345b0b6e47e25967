package dev.leat.schema.topic;

import dev.leat.schema.decode.KeyReader;
import dev.leat.schema.registry.SchemaId;
import dev.leat.schema.topic.Rejected.Reason;
import dev.leat.schema.types.Rows;
import dev.leat.schema.wire.Records;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns deletes whose key is only in the record's Kafka key into rows. Not thread-safe; belongs to one lane's decoder. */
final class Deletes {

    private final List<StreamContract> keyed;
    private final Rejections rejections;
    private final KeyReader keys;

    Deletes(List<StreamContract> sources, Rejections rejections, KeyReader keys) {
        this.keyed = sources.stream().filter(s -> s.stream().isKeyed()).toList();
        this.rejections = rejections;
        this.keys = keys;
    }

    /** A delete that an envelope says. */
    Rejected ofEnvelope(Records records, int index, SchemaId id, StreamContract source, Rows rows) {
        if (!source.stream().isKeyed()) {
            return rejections.of(
                    records,
                    index,
                    source,
                    id,
                    Reason.MISSING_KEY,
                    "a delete makes no sense on a stream without `key:`");
        }
        Optional<String> problem = delete(records, index, source, rows);
        return problem.isPresent()
                ? rejections.of(records, index, source, id, Reason.UNDECODABLE, problem.get())
                : null;
    }

    /**
     * A record without a value deletes its key. Where several streams share the topic, it doesn't say for which it is: it
     * counts for each whose key it can be read as.
     */
    Rejected ofEmptyValue(Records records, int index, Map<StreamContract, Rows> rows) {
        if (keyed.isEmpty()) {
            return rejections.of(
                    records,
                    index,
                    null,
                    null,
                    Reason.EMPTY_VALUE,
                    "the record has no value, and a delete makes no sense on a stream without `key:`");
        }
        if (!records.hasKey(index)) {
            return rejections.of(
                    records,
                    index,
                    keyed.getFirst(),
                    null,
                    Reason.MISSING_KEY,
                    "a delete names what it deletes by its key");
        }
        Rejected first = null;
        boolean fitsOne = false;
        for (StreamContract source : keyed) {
            Rows target = rows.get(source);
            // Without columns nothing was ever written that it could delete.
            Optional<String> problem =
                    target.shape().size() == 0 ? Optional.empty() : delete(records, index, source, target);
            if (problem.isEmpty()) {
                fitsOne = true;
            } else if (first == null) {
                first = rejections.of(records, index, source, null, Reason.UNDECODABLE, problem.get());
            }
        }
        return fitsOne ? null : first;
    }

    /** Appends the delete; what is wrong with the key if it can't. */
    private Optional<String> delete(Records records, int index, StreamContract source, Rows rows) {
        Optional<String> problem = keys.read(records, index, source.stream(), rows);
        if (problem.isEmpty() && rows.illFormedText() != null) {
            problem = Optional.of("the key can't be read: its text isn't UTF-8, and different keys would become one");
        }
        if (problem.isPresent()) {
            rows.abandon();
        } else {
            rows.complete(records.offset(index), records.timestamp(index), true);
        }
        return problem;
    }
}
