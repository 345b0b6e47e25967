package dev.leat.schema.topic;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.Unwrap;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.contract.Misfit;
import dev.leat.schema.decode.Default;
import dev.leat.schema.decode.ReadPlan;
import dev.leat.schema.decode.RecordFields;
import dev.leat.schema.decode.RowPlan;
import dev.leat.schema.envelope.DebeziumEnvelope;
import dev.leat.schema.envelope.YelpEnvelope;
import dev.leat.schema.envelope.YelpRow;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * The known contract of a stream: its record type and the shape of its events so far. Shared by all lanes of the stream; the
 * shape only grows.
 */
public final class StreamContract {

    private final Stream stream;

    // Written under this object's lock, read by every lane; all of them are replaced, never changed.
    private volatile String type;
    private volatile Shape shape;
    private volatile Map<String, Default> defaults = Map.of();
    private volatile Map<String, String> names = Map.of(); // of columns, by the other names of their fields

    // Under the lock. Schemas come from the registry's cache: one object a version.
    private final Set<Schema> met = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean hasNewest; // whether the defaults are those of the subject's newest version
    private boolean isSettled; // whether key and event time were found in a contract; under the lock

    public StreamContract(Stream stream) {
        this.stream = stream;
        this.type = stream.contract().type().orElse(null);
    }

    public Stream stream() {
        return stream;
    }

    public Optional<Shape> shape() {
        return Optional.ofNullable(shape);
    }

    public Optional<String> type() {
        return Optional.ofNullable(type);
    }

    /** Whether records of this type belong to the stream. Before a type is known, the first one that comes does. */
    boolean takes(Schema writer) {
        return type == null || type.equals(writer.getFullName());
    }

    /** Starts with the columns of the stream's views; their names and types stay. */
    public synchronized void begin(List<Column> columns) {
        if (shape == null && !columns.isEmpty()) {
            shape = new Shape(columns);
        }
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
        defaults =
                RecordFields.of(row(version), stream.decoding().nested(), names).defaults();
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
        return stream.decoding().unwrap().equals(Optional.of(Unwrap.YELP))
                && stream.contract().subject() == Stream.Subject.TOPIC;
    }

    /**
     * The record of a subject's contract that is the stream's: the contract itself, or a branch of it; empty when it is
     * another stream's, or an envelope that doesn't say.
     *
     * @throws ContractException when several of its types may be the stream's
     */
    public Optional<Schema> own(Schema contract) {
        if (isOfEnvelope()) {
            YelpEnvelope.require(contract);
            return Optional.empty();
        }
        if (contract.getType() != Schema.Type.UNION) {
            return Optional.of(contract).filter(this::takes);
        }
        List<Schema> records = contract.getTypes().stream()
                .filter(branch -> branch.getType() == Schema.Type.RECORD)
                .filter(this::takes)
                .toList();
        if (records.size() > 1) {
            throw new ContractException("streams." + stream.name() + ": the contract of topic " + stream.topic()
                    + " is a union of "
                    + String.join(
                            ", ", records.stream().map(Schema::getFullName).toList())
                    + "; say by `type:` which of them the stream is");
        }
        return records.stream().findFirst();
    }

    /**
     * Learns a version of the contract: its columns join the shape.
     *
     * @throws ContractException when it isn't fit for the stream; nothing is learned of it then
     */
    public synchronized void learn(Schema schema) {
        if (schema.getType() != Schema.Type.RECORD) {
            throw new ContractException("stream " + stream.name() + " is made of records, but topic " + stream.topic()
                    + " has values of type " + schema.getType().getName());
        }
        Schema row = row(schema);
        Map<String, String> called =
                names(RecordFields.of(row, stream.decoding().nested()).leaves());
        RecordFields fields = RecordFields.of(row, stream.decoding().nested(), called);
        List<Column> columns = columns(schema, fields);
        Shape grown = shape == null ? new Shape(columns) : shape.with(columns);
        if (!isSettled) {
            new DeclaredFields(stream).requireIn(new Shape(columns), schema);
            isSettled = true;
        }
        if (!hasNewest) {
            Map<String, Default> known = new HashMap<>(defaults);
            known.putAll(fields.defaults());
            defaults = Map.copyOf(known);
        }
        names = called;
        type = schema.getFullName();
        shape = grown;
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

    /**
     * The known names and those that these fields' aliases add. A renamed field goes into the column of its old name; a field
     * that a newer version has renamed goes into that version's column.
     */
    private Map<String, String> names(List<RecordFields.Leaf> leaves) {
        Map<String, String> known = new HashMap<>(names);
        Set<String> fields = new HashSet<>();
        leaves.forEach(leaf -> fields.add(leaf.name()));
        for (RecordFields.Leaf leaf : leaves) {
            // A name that another field has now is no alias.
            List<String> before =
                    leaf.aliases().stream().filter(a -> !fields.contains(a)).toList();
            String column = known.get(leaf.name());
            if (column == null && !isColumn(leaf.name())) {
                column = before.stream()
                        .map(alias -> isColumn(alias) ? alias : known.get(alias))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
            }
            if (column == null) {
                column = leaf.name();
            } else {
                known.put(leaf.name(), column);
            }
            for (String alias : before) {
                if (!isColumn(alias)) {
                    known.putIfAbsent(alias, column);
                }
            }
        }
        return Map.copyOf(known);
    }

    private boolean isColumn(String name) {
        return shape != null && shape.has(name);
    }

    /** @throws ContractException when the writer's fields don't fit the columns */
    public RowPlan plan(Schema writer) {
        return plan(writer, shape);
    }

    public RowPlan plan(Schema writer, Shape into) {
        RecordFields fields = RecordFields.of(row(writer), stream.decoding().nested(), names);
        return isDebezium()
                ? new DebeziumEnvelope(writer, fields, into, defaults, stream.key(), new Rows(stream, into, 0))
                : new ReadPlan(fields, into, defaults);
    }

    /** The same for payloads of this schema in envelopes. */
    public RowPlan plan(YelpEnvelope envelope, Schema payload, Shape into) {
        RecordFields fields = RecordFields.of(payload, stream.decoding().nested(), names);
        return new YelpRow(envelope, payload, fields, into, defaults, stream.key(), new Rows(stream, into, 0));
    }

    /** The columns of this version alone. */
    public List<Column> columns(Schema schema) {
        return columns(schema, RecordFields.of(row(schema), stream.decoding().nested(), names));
    }

    /** Why the existing columns can't hold this version's values. */
    public Optional<String> misfit(Schema schema) {
        Shape known = shape;
        try {
            if (known != null) {
                known.with(columns(schema));
            }
            return Optional.empty();
        } catch (Misfit misfit) {
            return Optional.of(misfit.getMessage());
        }
    }

    private List<Column> columns(Schema schema, RecordFields fields) {
        List<Column> ofRow = fields.columns();
        return switch (stream.decoding().unwrap().orElse(null)) {
            case DEBEZIUM -> DebeziumEnvelope.columns(schema, ofRow);
            case YELP -> YelpRow.columns(schema, ofRow);
            case null -> ofRow;
        };
    }

    /** The schema of the row: the record, or the row within its envelope where both are of one schema. */
    private Schema row(Schema schema) {
        return isDebezium() ? DebeziumEnvelope.row(schema) : schema;
    }

    private boolean isDebezium() {
        return stream.decoding().unwrap().equals(Optional.of(Unwrap.DEBEZIUM));
    }
}
