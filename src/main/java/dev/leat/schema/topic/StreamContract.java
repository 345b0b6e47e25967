package dev.leat.schema.topic;

import dev.leat.pipeline.Stream;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.contract.Misfit;
import dev.leat.schema.decode.Default;
import dev.leat.schema.decode.FieldDefaults;
import dev.leat.schema.decode.RecordFields;
import dev.leat.schema.decode.RowPlan;
import dev.leat.schema.decode.TableLimits;
import dev.leat.schema.envelope.YelpEnvelope;
import dev.leat.schema.names.FieldNames;
import dev.leat.schema.names.Leaf;
import dev.leat.schema.names.VersionNames;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.jboss.logging.Logger;

/**
 * The known contract of a stream: its record type and the shape of its events so far. Shared by all lanes of the stream; the
 * shape only grows.
 */
public final class StreamContract {

    private static final Logger LOG = Logger.getLogger(StreamContract.class);

    private final Stream stream;
    private final StreamRows rows;

    // Written under this object's lock, read by every lane; all of them are replaced, never changed.
    private volatile RecordTypes types;
    private volatile Shape shape;
    private volatile Map<String, Default> defaults = Map.of();
    private volatile FieldNames names = FieldNames.NONE;
    private volatile boolean areDecided; // by the subject's versions
    private volatile TableLimits limits;

    // Under the lock. Schemas come from the registry's cache: one object a version.
    private final Set<Schema> met = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean hasNewest; // whether the defaults are those of the subject's newest version
    private boolean isSettled; // whether key and event time were found in a contract; under the lock

    public StreamContract(Stream stream) {
        this(stream, TableLimits.NONE);
    }

    /** @param limits what the stream's views can hold */
    public StreamContract(Stream stream, TableLimits limits) {
        this.stream = stream;
        this.rows = new StreamRows(stream);
        this.limits = limits;
        this.types = new RecordTypes(stream.contract().type(), Set.of());
    }

    public Stream stream() {
        return stream;
    }

    public Optional<Shape> shape() {
        return Optional.ofNullable(shape);
    }

    public Optional<String> type() {
        return types.first();
    }

    /** Whether records of this type belong to the stream. Before a type is known, the first one that comes does. */
    boolean takes(Schema writer) {
        return types.have(writer);
    }

    /** Starts with the columns of the stream's views; their names and types stay. */
    public synchronized void begin(List<Column> columns) {
        if (shape == null && !columns.isEmpty()) {
            shape = new Shape(columns);
            if (names.isEmpty()) {
                names = FieldNames.ofColumns(columns);
            }
        }
    }

    /** How many columns a table of one of the stream's views had that were dropped. */
    synchronized void dropped(int columns) {
        limits = limits.without(columns);
    }

    /**
     * Decides which columns the fields of these versions go into, after those that were decided before. A version that
     * isn't fit is left out; learning it says why.
     *
     * @param versions oldest first
     * @return all that is decided
     */
    synchronized List<FieldNames.Decision> decide(List<FieldNames.Decision> before, List<Schema> versions) {
        List<List<Leaf>> all = new ArrayList<>();
        for (Schema version : versions) {
            try {
                all.add(leaves(version));
            } catch (ContractException unfit) {
                noColumns(unfit);
            }
        }
        names = VersionNames.decided(before.isEmpty() ? names : FieldNames.of(before), all, this::noColumns);
        return names.decisions();
    }

    private void noColumns(ContractException unfit) {
        LOG.debugf("no columns for a version stream=%s error=%s", stream.name(), unfit.getMessage());
    }

    /** What was decided, whichever instance did. */
    synchronized void decided(List<FieldNames.Decision> all) {
        names = FieldNames.of(all);
        areDecided = true;
    }

    /** Those of the subject's versions that are fit are decided; what was left out then is no newer version. */
    private FieldNames names(List<Leaf> version) {
        return areDecided ? names.withLate(version) : names.with(version);
    }

    /**
     * Learns all versions of the subject. Their columns join the shape in the order in which they were decided, so that they
     * don't depend on which of them have come by: what holds texts and bytes is what came first. Where the stream has no columns
     * yet, older versions that don't fit the newest are left out; where it has, whichever don't fit those.
     *
     * @param versions the stream's own record of each, oldest first
     * @return why the newest is unfit; empty when it isn't
     * @throws ContractException when no version has what the stream's declaration names, or none is fit
     */
    synchronized Optional<String> learnAll(List<Schema> versions) {
        if (versions.isEmpty()) {
            return Optional.empty();
        }
        SubjectVersions all = new SubjectVersions(versions, this::columns);
        if (!isSettled) {
            all.requireInOne((columns, version) ->
                    new DeclaredFields(stream, fields(version).columnNames()).requireIn(columns, version));
            isSettled = true;
        }
        for (Schema version : asDecided(shape == null ? all.fitting() : versions)) {
            try {
                learn(version);
            } catch (ContractException unfit) {
                LOG.debugf("a version is unfit stream=%s error=%s", stream.name(), unfit.getMessage());
            }
        }
        try {
            learnNewest(versions.getLast());
            return Optional.empty();
        } catch (ContractException unfit) {
            if (shape == null) {
                throw unfit;
            }
            return Optional.of(unfit.getMessage());
        }
    }

    private List<Schema> asDecided(List<Schema> versions) {
        Map<Schema, Integer> places = new IdentityHashMap<>();
        versions.forEach(version -> places.put(version, placeDecided(version)));
        return versions.stream().sorted(Comparator.comparing(places::get)).toList();
    }

    private int placeDecided(Schema version) {
        try {
            return names.decidedBefore(leaves(version));
        } catch (ContractException unfit) {
            return Integer.MAX_VALUE; // Learning it says why.
        }
    }

    synchronized void connectTypes(List<Schema> versions) {
        types = types.connected(versions);
    }

    /** Whether it is the stream's type under the name that it had first. */
    boolean isOf(Schema writer) {
        return types.isFirst(writer);
    }

    /**
     * Learns the contract of the stream's subject: the type itself, or a union that has it. Another stream's type is skipped.
     *
     * @throws ContractException when it isn't fit for the stream, or several of its types may be the stream's
     */
    public void learnSubject(Schema contract) {
        own(contract).ifPresent(this::learnNewest);
    }

    /** Its defaults replace those of older versions. They fill the columns whose field a writer didn't know. */
    private synchronized void learnNewest(Schema version) {
        learn(version);
        defaults = FieldDefaults.of(fields(version));
        hasNewest = true;
    }

    /** Whether a version was learnt along with the newest of its subject at that time. */
    synchronized boolean hasMet(Schema version) {
        return met.contains(version);
    }

    synchronized void meet(Schema version) {
        met.add(version);
    }

    /** Whether the subject has the contract of an envelope, which doesn't say what the rows in it are. */
    public boolean isOfEnvelope() {
        return rows.isOfEnvelope();
    }

    /**
     * The record of a subject's contract that is the stream's: the contract itself, or a branch of it; empty when it is
     * another stream's, or an envelope that doesn't say.
     *
     * @throws ContractException when several of its types may be the stream's
     */
    public Optional<Schema> own(Schema contract) {
        return rows.own(contract, this::takes);
    }

    /**
     * Learns a version of the contract: its columns join the shape.
     *
     * @throws ContractException when it isn't fit for the stream; nothing is learned of it then
     */
    public synchronized void learn(Schema schema) {
        if (schema.getType() != Schema.Type.RECORD) {
            throw new ContractException(stream.at("") + ": a stream is made of records, but topic " + stream.topic()
                    + " has values of type " + schema.getType().getName());
        }
        FieldNames called = names(leaves(schema));
        RecordFields fields = fields(schema);
        List<Column> columns = rows.columns(schema, fields);
        Shape grown = grown(columns);
        if (!isSettled) {
            new DeclaredFields(stream, fields.columnNames()).requireIn(new Shape(columns), schema);
            isSettled = true;
        }
        if (!hasNewest) {
            Map<String, Default> known = new HashMap<>(defaults);
            known.putAll(FieldDefaults.of(fields));
            defaults = Map.copyOf(known);
        }
        names = called;
        types = types.named(schema);
        shape = grown;
    }

    /**
     * Whether this version could be the next one of the subject: after all that are decided, and none of those that were
     * left out. Learns nothing.
     *
     * @throws ContractException when it isn't fit for the stream or its columns
     */
    public synchronized void requireNext(Schema version) {
        List<Leaf> leaves = leaves(version);
        RecordFields fields = RecordFields.of(
                        rows.row(version), stream.decoding().nested())
                .into(names.with(leaves).columnsOf(leaves));
        List<Column> columns = rows.columns(version, fields);
        Shape grown = grown(columns);
        rows.plan(version, fields, grown, defaults);
    }

    /** @param columns of a version, which join the others */
    private Shape grown(List<Column> columns) {
        Shape grown = shape == null ? new Shape(columns) : shape.with(columns);
        limits.require(grown, columns);
        requireDistinct(columns, shape, grown);
        return grown;
    }

    private void requireDistinct(List<Column> columns, Shape known, Shape grown) {
        new DeclaredFields(stream, Map.of()).requireDistinct(columns, known, grown);
    }

    public boolean lacks(List<Column> columns) {
        Shape known = shape;
        return known == null ? !columns.isEmpty() : columns.stream().anyMatch(column -> !known.has(column.name()));
    }

    /** Adds columns that other instances have seen; here they come with the next version of the contract. */
    public synchronized void widen(List<Column> columns) {
        begin(columns);
        if (shape != null) {
            shape = shape.with(columns);
        }
    }

    private List<Leaf> leaves(Schema schema) {
        return RecordFields.of(rows.row(schema), stream.decoding().nested()).leaves();
    }

    /** The fields of a version and the columns that they go into. */
    private RecordFields fields(Schema schema) {
        RecordFields fields =
                RecordFields.of(rows.row(schema), stream.decoding().nested());
        return fields.into(names(fields.leaves()).columnsOf(fields.leaves()));
    }

    /** @throws ContractException when the writer's fields don't fit the columns */
    public RowPlan plan(Schema writer) {
        return plan(writer, shape);
    }

    public RowPlan plan(Schema writer, Shape into) {
        RecordFields fields = fields(writer);
        return rows.plan(writer, fields, into, defaults);
    }

    /** The same for payloads of this schema in envelopes. */
    public RowPlan plan(YelpEnvelope envelope, Schema payload, Shape into) {
        RecordFields fields = fields(payload);
        return rows.plan(envelope, payload, fields, into, defaults);
    }

    /** The columns of this version alone. */
    public List<Column> columns(Schema schema) {
        return rows.columns(schema, fields(schema));
    }

    /** Why the existing columns can't hold this version's values. */
    public Optional<String> misfit(Schema schema) {
        Shape known = shape;
        try {
            if (known != null) {
                requireDistinct(columns(schema), known, known.with(columns(schema)));
            }
            return Optional.empty();
        } catch (Misfit misfit) {
            return Optional.of(misfit.getMessage());
        }
    }
}
