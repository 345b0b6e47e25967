package dev.leat.schema;

import dev.leat.pipeline.Stream;
import dev.leat.schema.Rejected.Reason;
import dev.leat.schema.WireFormat.Named;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * What the schemas that records of one topic name mean for its streams. Not thread-safe; belongs to one lane's decoder.
 */
final class TopicSchemas {

    private final SchemaRegistry registry;
    private final List<StreamSource> sources;
    private final Map<SchemaId, Meaning> meanings = new HashMap<>();

    // What was asked before: most records of a run name the same schema.
    private Named learnt;
    private Named last;
    private Meaning ofLast;

    TopicSchemas(SchemaRegistry registry, List<StreamSource> sources) {
        this.registry = registry;
        this.sources = sources;
    }

    /** What a schema means for the topic. */
    sealed interface Meaning {
        record Known(Schema schema, StreamSource source, RowPlan plan) implements Meaning {}

        /** A union: the branch's number stands in front of its value. */
        record Union(List<Meaning> branches) implements Meaning {}

        /** Passed over, because the topic's streams say so. */
        record Ignored() implements Meaning {}

        record Refused(Reason reason, String message) implements Meaning {}
    }

    /** What was refused in an earlier run may be known by now. */
    void forgetRefused() {
        meanings.values().removeIf(TopicSchemas::mayBecomeKnown);
        learnt = null;
    }

    /** The types that streams declare are settled, with their first event at the latest. */
    private static boolean mayBecomeKnown(Meaning meaning) {
        return switch (meaning) {
            case Meaning.Refused refused -> refused.reason() != Reason.UNDECLARED_TYPE;
            case Meaning.Union union -> union.branches().stream().anyMatch(TopicSchemas::mayBecomeKnown);
            case Meaning.Known known -> false;
            case Meaning.Ignored ignored -> false;
        };
    }

    /**
     * Learns what a schema means, if that isn't known yet.
     *
     * @param namedAt Kafka's timestamp of the record that names it, in milliseconds
     * @throws RegistryOutage when the cache hasn't got it and the registry can't give it now
     */
    void learn(Named named, long namedAt) {
        if (named != learnt) {
            meanings.computeIfAbsent(named.id(), id -> resolve(id, Instant.ofEpochMilli(namedAt)));
            learnt = named;
        }
    }

    /** What a schema means that was learnt. */
    Meaning of(Named named) {
        if (named != last) {
            ofLast = meanings.get(named.id());
            last = named;
        }
        return ofLast;
    }

    /** A shape may have grown since a plan was made, by another version or by another lane. */
    void replanFor(Map<StreamSource, Rows> rows) {
        meanings.replaceAll((id, meaning) -> replanned(meaning, rows));
        last = null;
    }

    private static Meaning replanned(Meaning meaning, Map<StreamSource, Rows> rows) {
        return switch (meaning) {
            case Meaning.Known known -> {
                Shape shape = rows.get(known.source()).shape();
                yield known.plan().shape() == shape
                        ? known
                        : new Meaning.Known(
                                known.schema(), known.source(), known.source().plan(known.schema(), shape));
            }
            case Meaning.Union union ->
                new Meaning.Union(
                        union.branches().stream().map(b -> replanned(b, rows)).toList());
            case Meaning.Ignored ignored -> ignored;
            case Meaning.Refused refused -> refused;
        };
    }

    private Meaning resolve(SchemaId id, Instant namedAt) {
        return registry.schema(id, namedAt)
                .map(this::meaning)
                .orElseGet(() -> new Meaning.Refused(Reason.UNKNOWN_SCHEMA, "the registry has no schema with " + id));
    }

    private Meaning meaning(Schema writer) {
        if (writer.getType() == Schema.Type.UNION) {
            return new Meaning.Union(
                    writer.getTypes().stream().map(this::meaning).toList());
        }
        if (writer.getType() == Schema.Type.NULL) {
            return new Meaning.Refused(Reason.EMPTY_VALUE, "the value is null");
        }
        Optional<StreamSource> source =
                sources.stream().filter(s -> s.takes(writer)).findFirst();
        if (source.isEmpty()) {
            if (sources.getFirst().stream().undeclared() == Stream.Undeclared.IGNORE) {
                return new Meaning.Ignored();
            }
            return new Meaning.Refused(
                    Reason.UNDECLARED_TYPE,
                    "type " + writer.getFullName() + " belongs to no stream of the topic; declared are "
                            + String.join(
                                    ", ",
                                    sources.stream()
                                            .map(s -> s.type().orElse("?"))
                                            .toList()));
        }
        try {
            source.get().learn(writer);
            return new Meaning.Known(writer, source.get(), source.get().plan(writer));
        } catch (ContractException e) {
            return new Meaning.Refused(Reason.UNDECODABLE, e.getMessage());
        }
    }
}
