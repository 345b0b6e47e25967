package dev.leat.schema.topic;

import dev.leat.pipeline.Stream;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.contract.Misfit;
import dev.leat.schema.decode.RowPlan;
import dev.leat.schema.envelope.YelpEnvelope;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.schema.registry.SchemaId;
import dev.leat.schema.registry.SchemaRegistry;
import dev.leat.schema.topic.Rejected.Reason;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.wire.WireFormat.Named;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.jboss.logging.Logger;

/**
 * What the schemas that records of one topic name mean for its streams. Not thread-safe; belongs to one lane's decoder.
 */
final class TopicSchemas {

    private static final Logger LOG = Logger.getLogger(TopicSchemas.class);

    private static final String TO_MAKE_ROOM =
            "; to make room for it, give the stream's views other names, restart, and redrive its dead letters";

    private final SchemaRegistry registry;
    private final ContractHistory history;
    private final List<StreamContract> sources;
    private final Map<SchemaId, Meaning> meanings = new HashMap<>();

    // The last answers: most records of a run name the same schema.
    private long seenChanges;
    private Named learnt;
    private Named last;
    private Meaning ofLast;

    TopicSchemas(ContractHistory history, List<StreamContract> sources) {
        this.registry = history.registry();
        this.history = history;
        this.sources = sources;
    }

    /** What a schema means for the topic. */
    sealed interface Meaning {
        record Known(Schema schema, StreamContract source, RowPlan plan) implements Meaning {}

        /**
         * An envelope that says of each record which schema its row has.
         *
         * @param payloads what those schemas mean, as far as they are learnt
         */
        record Enveloped(YelpEnvelope envelope, Map<SchemaId, Meaning> payloads) implements Meaning {}

        /** A union: the branch's number precedes its value. */
        record Union(List<Meaning> branches) implements Meaning {}

        /**
         * Of a type that no stream of the topic declares.
         *
         * @param refused empty: such records are skipped, because the topic's streams say so
         */
        record Undeclared(String type, Optional<Refused> refused) implements Meaning {}

        /** @param source the stream that such records are for; null when that isn't known */
        record Refused(StreamContract source, Reason reason, String message) implements Meaning {}
    }

    /** What was refused in an earlier run may be known by now, and an id may mean something else. */
    void forgetRefused() {
        long changes = registry.changes();
        if (changes != seenChanges) {
            seenChanges = changes;
            meanings.clear();
        }
        meanings.values().removeIf(TopicSchemas::mayBecomeKnown);
        learnt = null;
        last = null;
    }

    /** The types that streams declare are settled, with their first event at the latest. */
    private static boolean mayBecomeKnown(Meaning meaning) {
        return switch (meaning) {
            case Meaning.Refused refused -> true;
            case Meaning.Undeclared undeclared -> false;
            case Meaning.Union union -> union.branches().stream().anyMatch(TopicSchemas::mayBecomeKnown);
            case Meaning.Enveloped enveloped -> {
                enveloped.payloads().values().removeIf(TopicSchemas::mayBecomeKnown);
                yield false;
            }
            case Meaning.Known known -> false;
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
            meanings.computeIfAbsent(named.id(), id -> meaning(id, namedAt, schema -> outermost(schema, id)));
            learnt = named;
            last = null;
        }
    }

    /** The same for the schema that an envelope names. */
    void learnPayload(Meaning.Enveloped enveloped, SchemaId payload, long namedAt) {
        enveloped
                .payloads()
                .computeIfAbsent(
                        payload, id -> meaning(id, namedAt, schema -> payload(schema, id, enveloped.envelope())));
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
    void replanFor(Map<StreamContract, Rows> rows) {
        meanings.replaceAll((id, meaning) -> replanned(meaning, rows, StreamContract::plan));
        last = null;
    }

    /** Plans how a schema's values become rows. */
    private interface Planner {
        RowPlan plan(StreamContract source, Schema writer, Shape into);
    }

    private static Planner planner(YelpEnvelope envelope) {
        return (source, payload, into) -> source.plan(envelope, payload, into);
    }

    private static Meaning replanned(Meaning meaning, Map<StreamContract, Rows> rows, Planner planner) {
        return switch (meaning) {
            case Meaning.Known known -> {
                Shape shape = rows.get(known.source()).shape();
                yield known.plan().shape() == shape
                        ? known
                        : new Meaning.Known(
                                known.schema(), known.source(), planner.plan(known.source(), known.schema(), shape));
            }
            case Meaning.Enveloped enveloped -> {
                Planner ofPayloads = planner(enveloped.envelope());
                enveloped.payloads().replaceAll((id, payload) -> replanned(payload, rows, ofPayloads));
                yield enveloped;
            }
            case Meaning.Union union ->
                new Meaning.Union(union.branches().stream()
                        .map(branch -> replanned(branch, rows, planner))
                        .toList());
            case Meaning.Undeclared undeclared -> undeclared;
            case Meaning.Refused refused -> refused;
        };
    }

    private Meaning meaning(SchemaId id, long namedAt, Function<Schema, Meaning> of) {
        try {
            return registry.schema(id, Instant.ofEpochMilli(namedAt)).map(of).orElseGet(() -> unknown(id));
        } catch (ContractException unreadable) {
            return new Meaning.Refused(
                    null, Reason.UNFIT_VERSION, "the schema with " + id + " can't be used: " + unreadable.getMessage());
        }
    }

    private static Meaning unknown(SchemaId id) {
        return new Meaning.Refused(null, Reason.UNKNOWN_SCHEMA, "the registry has no schema with " + id);
    }

    private Meaning outermost(Schema writer, SchemaId id) {
        if (!sources.getFirst().stream().decoding().unwrap().equals(Optional.of(Stream.Unwrap.YELP))) {
            return meaning(writer, id, StreamContract::plan);
        }
        try {
            return new Meaning.Enveloped(new YelpEnvelope(writer), new HashMap<>());
        } catch (ContractException e) {
            return new Meaning.Refused(null, Reason.UNFIT_VERSION, e.getMessage());
        }
    }

    private Meaning payload(Schema schema, SchemaId id, YelpEnvelope envelope) {
        return schema.getType() == Schema.Type.RECORD
                ? meaning(schema, id, planner(envelope))
                : new Meaning.Refused(
                        null,
                        Reason.UNFIT_VERSION,
                        "rows are made of records, but the payload's schema with " + id + " is of type "
                                + schema.getType().getName());
    }

    private Meaning meaning(Schema writer, SchemaId id, Planner planner) {
        if (writer.getType() == Schema.Type.UNION) {
            return new Meaning.Union(writer.getTypes().stream()
                    .map(branch -> meaning(branch, id, planner))
                    .toList());
        }
        if (writer.getType() == Schema.Type.NULL) {
            return new Meaning.Refused(null, Reason.EMPTY_VALUE, "the value is null");
        }
        Optional<StreamContract> source = source(writer).or(() -> {
            // One of the streams' types may have been renamed.
            sources.forEach(history::connectTypes);
            return source(writer);
        });
        if (source.isEmpty()) {
            return undeclared(writer);
        }
        try {
            learn(source.get(), writer);
            Shape shape = source.get().shape().orElseThrow();
            return new Meaning.Known(writer, source.get(), planner.plan(source.get(), writer, shape));
        } catch (ContractException e) {
            return new Meaning.Refused(source.get(), Reason.UNFIT_VERSION, unfit(writer, id, e));
        }
    }

    private Meaning undeclared(Schema writer) {
        if (sources.getFirst().stream().decoding().undeclared() == Stream.Undeclared.IGNORE) {
            return new Meaning.Undeclared(writer.getFullName(), Optional.empty());
        }
        String declared = sources.stream().map(s -> s.type().orElse("?")).collect(Collectors.joining(", "));
        return new Meaning.Undeclared(
                writer.getFullName(),
                Optional.of(new Meaning.Refused(
                        null,
                        Reason.UNDECLARED_TYPE,
                        "type " + writer.getFullName() + " belongs to no stream of the topic; declared are "
                                + declared)));
    }

    private Optional<StreamContract> source(Schema writer) {
        return sources.stream().filter(s -> s.isOf(writer)).findFirst().or(() -> sources.stream()
                .filter(s -> s.takes(writer))
                .findFirst());
    }

    /**
     * Learns a version, and the first time all of its subject before: they decide the columns and their defaults, so that
     * these don't depend on which versions a process has seen.
     */
    private void learn(StreamContract source, Schema writer) {
        if (!source.hasMet(writer)) {
            history.learn(source, writer);
            source.meet(writer);
        }
        source.learn(writer);
    }

    private static String unfit(Schema writer, SchemaId id, ContractException why) {
        String message = writer.getFullName() + " with " + id + " is unfit for the stream: " + why.getMessage();
        return why instanceof Misfit ? message + TO_MAKE_ROOM : message;
    }
}
