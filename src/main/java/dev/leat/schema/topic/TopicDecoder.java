package dev.leat.schema.topic;

import dev.leat.schema.decode.KeyReader;
import dev.leat.schema.decode.ReadPlan;
import dev.leat.schema.decode.RecordBlock;
import dev.leat.schema.decode.RowPlan;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.schema.registry.SchemaId;
import dev.leat.schema.topic.Rejected.Reason;
import dev.leat.schema.topic.TopicSchemas.Meaning;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroLimits;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import dev.leat.schema.wire.WireFormat.Named;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns the records of one topic into rows of its streams. Not thread-safe: each lane has one of its own; what they
 * share is in {@link StreamContract} and in the registry's cache.
 */
public final class TopicDecoder {

    private final List<StreamContract> sources;
    private final WireFormat format;
    private final TopicSchemas schemas;
    private final NamedSchemas names;
    private final Rejections rejections;
    private final Deletes deletes;
    private final AvroCursor cursor;
    private final RecordBlock block = new RecordBlock();

    // Of the run that is being decoded.
    private Set<String> others = Set.of();
    private StreamContract lastSource;
    private Rows lastRows;

    /** One whose records may cost what they may by default. */
    public TopicDecoder(ContractHistory history, WireFormat format, List<StreamContract> sources) {
        this(history, format, sources, AvroLimits.DEFAULT);
    }

    public TopicDecoder(ContractHistory history, WireFormat format, List<StreamContract> sources, AvroLimits limits) {
        this.cursor = new AvroCursor(limits);
        this.sources = sources;
        this.format = format;
        this.schemas = new TopicSchemas(history, sources);
        this.names = new NamedSchemas(format, schemas, limits);
        this.rejections = new Rejections(sources);
        this.deletes = new Deletes(sources, rejections, new KeyReader(history.registry(), format, limits));
    }

    /**
     * Decodes a run of records of one partition, in order.
     *
     * @throws RegistryOutage when the cache lacks a schema and the registry can't give it now; nothing is decoded then, and
     *     the call may be repeated
     */
    public Decoded decode(int partition, Records records) {
        schemas.forgetRefused();
        // Nearly always all schemas are known. A look at every record beforehand would take a tenth of the time.
        Optional<Decoded> decoded = decodeLearnt(partition, records);
        if (decoded.isEmpty()) {
            // Learns all schemas of the run first: then no record waits for the registry, and no shape grows within the
            // run.
            names.learn(records);
            decoded = decodeLearnt(partition, records);
        }
        return decoded.orElseThrow();
    }

    /** Empty when a schema isn't learnt yet. */
    private Optional<Decoded> decodeLearnt(int partition, Records records) {
        Map<StreamContract, Rows> rows = new LinkedHashMap<>();
        for (StreamContract source : sources) {
            Shape shape = source.shape().orElseGet(() -> new Shape(List.of()));
            rows.put(source, new Rows(source.stream(), shape, partition, Math.max(1, records.size() / sources.size())));
        }
        schemas.replanFor(rows);
        lastSource = null;
        others = new TreeSet<>();
        List<Rejected> rejected = new ArrayList<>();
        int next = 0;
        while (next < records.size()) {
            Named named = names.of(records, next);
            if (named != null && !names.areLearnt(named, records, next)) {
                return Optional.empty();
            }
            int end = fillBlock(records, next, named);
            if (!decodeBlock(records, next, named, rows)) {
                for (int i = next; i < end; i++) {
                    Rejected verdict = decode(records, i, named, rows);
                    if (verdict != null) {
                        rejected.add(verdict);
                    }
                }
            }
            next = end;
        }
        return Optional.of(new Decoded(List.copyOf(rows.values()), rejected, others));
    }

    /**
     * Takes the records from this one on that name the same schema, if they can be read as a block. Returns the index of the
     * first record after them.
     */
    private int fillBlock(Records records, int from, Named named) {
        block.clear();
        int end = from;
        if (named != null && schemas.of(named) instanceof Meaning.Known known && known.plan() instanceof ReadPlan) {
            boolean isKeyed = known.source().stream().isKeyed();
            while (end < records.size() && !block.isFull()) {
                if (names.of(records, end) != named || isKeyed && !records.hasKey(end)) {
                    break;
                }
                block.add(records.array(), records.valueStart(end) + named.start(), records.valueEnd(end));
                end++;
            }
        }
        return Math.max(end, from + 1);
    }

    /** Decodes the block as a whole. False, and nothing is kept, when a record of it is wrong: each gets its verdict then. */
    private boolean decodeBlock(Records records, int from, Named named, Map<StreamContract, Rows> rows) {
        if (block.size() < 2
                || !(schemas.of(named) instanceof Meaning.Known known)
                || !(known.plan() instanceof ReadPlan plan)) {
            return false;
        }
        Rows into = rowsOf(known.source(), rows);
        try {
            plan.read(block, cursor, into);
        } catch (AvroCursor.Malformed oneOfThem) {
            into.abandon();
            return false;
        }
        if (into.areIncomplete(records, from, block.size())) {
            into.abandon();
            return false;
        }
        into.complete(records, from, block.size());
        return true;
    }

    /** @param named null when the record names no schema */
    private Rejected decode(Records records, int index, Named named, Map<StreamContract, Rows> rows) {
        if (!records.hasValue(index)) {
            return deletes.ofEmptyValue(records, index, rows);
        }
        int start = records.valueStart(index);
        int end = records.valueEnd(index);
        if (start == end) {
            return rejections.of(records, index, null, null, Reason.EMPTY_VALUE, "the value has no bytes");
        }
        if (named == null) {
            return rejections.of(
                    records, index, null, null, Reason.NOT_FRAMED, format.whyValueNamesNone(records, index));
        }
        cursor.reset(records.array(), start + named.start(), end);
        return decodeAs(schemas.of(named), records, index, named, rows);
    }

    /** Decodes the value at the cursor. */
    private Rejected decodeAs(
            Meaning meaning, Records records, int index, Named named, Map<StreamContract, Rows> rows) {
        return switch (meaning) {
            case Meaning.Known known -> decodeValue(records, index, named, known, rowsOf(known.source(), rows));
            case Meaning.Enveloped enveloped -> {
                try {
                    Optional<SchemaId> payload = names.payload(enveloped, cursor);
                    cursor.seek(records.valueStart(index) + named.start());
                    yield payload.isEmpty()
                            ? null
                            : decodeAs(enveloped.payloads().get(payload.get()), records, index, named, rows);
                } catch (AvroCursor.Malformed e) {
                    yield rejections.of(
                            records,
                            index,
                            null,
                            named.id(),
                            Reason.UNDECODABLE,
                            "not a " + enveloped.envelope().name() + ": " + e.getMessage());
                }
            }
            case Meaning.Union(List<Meaning> branches) -> {
                try {
                    yield decodeAs(branch(branches), records, index, named, rows);
                } catch (AvroCursor.Malformed e) {
                    yield rejections.of(records, index, null, named.id(), Reason.UNDECODABLE, e.getMessage());
                }
            }
            case Meaning.Undeclared undeclared -> {
                others.add(undeclared.type());
                yield undeclared
                        .refused()
                        .map(refused -> rejected(refused, records, index, named))
                        .orElse(null);
            }
            case Meaning.Refused refused -> rejected(refused, records, index, named);
        };
    }

    private Rejected rejected(Meaning.Refused refused, Records records, int index, Named named) {
        return rejections.of(records, index, refused.source(), named.id(), refused.reason(), refused.message());
    }

    /** Most records of a run are of one stream; a lookup for each takes longer than reading some fields. */
    private Rows rowsOf(StreamContract source, Map<StreamContract, Rows> rows) {
        if (source != lastSource) {
            lastRows = rows.get(source);
            lastSource = source;
        }
        return lastRows;
    }

    private Meaning branch(List<Meaning> branches) {
        int branch = cursor.readInt();
        if (branch < 0 || branch >= branches.size()) {
            throw new AvroCursor.Malformed("a union of " + branches.size() + " has branch " + branch);
        }
        return branches.get(branch);
    }

    private Rejected decodeValue(Records records, int index, Named named, Meaning.Known known, Rows rows) {
        StreamContract source = known.source();
        SchemaId id = named.id();
        if (source.stream().isKeyed() && !records.hasKey(index)) {
            return rejections.of(
                    records,
                    index,
                    source,
                    id,
                    Reason.MISSING_KEY,
                    "the record has no Kafka key, so it has no place among the others of its "
                            + String.join(", ", source.stream().key()));
        }
        RowPlan.Change change;
        try {
            change = known.plan().read(cursor, rows);
        } catch (AvroCursor.Malformed e) {
            rows.abandon();
            return rejections.of(
                    records,
                    index,
                    source,
                    id,
                    Reason.UNDECODABLE,
                    "not a " + known.schema().getFullName() + ": " + e.getMessage());
        }
        return switch (change) {
            case EVENT -> complete(records, index, id, source, rows);
            case DELETE -> {
                String illFormed = rows.illFormedText();
                if (illFormed != null) {
                    yield illFormed(records, index, id, source, rows, illFormed);
                }
                rows.complete(records.offset(index), records.timestamp(index), true);
                yield null;
            }
            case DELETE_BY_KEY -> deletes.ofEnvelope(records, index, id, source, rows);
        };
    }

    private Rejected complete(Records records, int index, SchemaId id, StreamContract source, Rows rows) {
        String key = rows.missingKey();
        if (key != null) {
            rows.abandon();
            return rejections.of(records, index, source, id, Reason.MISSING_KEY, "key field " + key + " is null");
        }
        String illFormed = rows.illFormedText();
        if (illFormed != null) {
            return illFormed(records, index, id, source, rows, illFormed);
        }
        String problem = rows.eventTimeProblem(records.timestamp(index));
        if (problem != null) {
            rows.abandon();
            return rejections.of(
                    records,
                    index,
                    source,
                    id,
                    Reason.MISSING_EVENT_TIME,
                    "event time " + source.stream().eventTime().text().orElseThrow() + " " + problem);
        }
        rows.complete(records.offset(index), records.timestamp(index), false);
        return null;
    }

    private Rejected illFormed(
            Records records, int index, SchemaId id, StreamContract source, Rows rows, String field) {
        rows.abandon();
        return rejections.of(
                records,
                index,
                source,
                id,
                Reason.UNDECODABLE,
                "field " + field + " isn't UTF-8, and different texts would become one");
    }
}
