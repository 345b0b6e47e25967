package dev.leat.schema.topic;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.Unwrap;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.contract.Misfit;
import dev.leat.schema.decode.PlainKeys;
import dev.leat.schema.decode.ReadPlan;
import dev.leat.schema.decode.RecordFields;
import dev.leat.schema.decode.RowPlan;
import dev.leat.schema.envelope.DebeziumEnvelope;
import dev.leat.schema.envelope.YelpEnvelope;
import dev.leat.schema.envelope.YelpRow;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * What is known of a stream's contract: its record type and the shape that its events have had so far. Shared by all
 * lanes of the stream; the shape only grows.
 */
public final class StreamContract {

    private final Stream stream;

    // Written under this object's lock, read by every lane; all of them are replaced, never changed.
    private volatile String type;
    private volatile Shape shape;
    private volatile Map<String, ReadPlan.Default> defaults = Map.of();
    private volatile Map<String, String> names = Map.of(); // of columns, by other names that fields have or had

    // Under the lock. Schemas come out of the registry's cache: one object a version.
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

    /** Whether records of this type belong here. Before anything is known, the first type that comes does. */
    boolean takes(Schema writer) {
        return type == null || type.equals(writer.getFullName());
    }

    /** Begins with the columns that the stream's views have: what they are called and typed stays. */
    public synchronized void begin(List<Column> columns) {
        if (shape == null && !columns.isEmpty()) {
            shape = new Shape(columns);
        }
    }

    /**
     * Learns what the registry, or the pipeline, has as the contract of the stream's subject: the type itself, or a union
     * that has it. Another stream's type is passed over.
     *
     * @throws ContractException when the stream can't live with it, or it may be any of several
     */
    public void learnSubject(Schema contract) {
        own(contract).ifPresent(this::learnNewest);
    }

    /** What it gives by default stands where a writer knows no such field, and no older version's defaults any more. */
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
     * @throws ContractException when it may be any of several
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
     * @throws ContractException when the stream can't live with it; nothing is learned of it then
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
            requireKeyAndEventTime(new Shape(columns), schema);
            isSettled = true;
        }
        if (!hasNewest) {
            Map<String, ReadPlan.Default> known = new HashMap<>(defaults);
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

    /** Columns that events have elsewhere, and that they will have here with the next version of the contract. */
    public synchronized void widen(List<Column> columns) {
        begin(columns);
        if (shape != null) {
            shape = shape.with(columns);
        }
    }

    /**
     * What was known of names, and what these fields' aliases add: a field that was called otherwise goes into the column
     * that it had, and one that a younger version calls otherwise into that version's.
     */
    private Map<String, String> names(List<RecordFields.Leaf> leaves) {
        Map<String, String> known = new HashMap<>(names);
        Set<String> fields = new HashSet<>();
        leaves.forEach(leaf -> fields.add(leaf.name()));
        for (RecordFields.Leaf leaf : leaves) {
            // A name that is another field's now is no alias any more.
            List<String> before =
                    leaf.aliases().stream().filter(a -> !fields.contains(a)).toList();
            String column = known.get(leaf.name());
            if (column == null && !isColumn(leaf.name())) {
                column = before.stream()
                        .map(alias -> isColumn(alias) ? alias : known.get(alias))
                        .filter(java.util.Objects::nonNull)
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

    /** Why the columns that stand can't hold this version's values. */
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

    /** What becomes the row: the record, or what its envelope holds where that is of the same schema. */
    private Schema row(Schema schema) {
        return isDebezium() ? DebeziumEnvelope.row(schema) : schema;
    }

    private boolean isDebezium() {
        return stream.decoding().unwrap().equals(Optional.of(Unwrap.DEBEZIUM));
    }

    private void requireKeyAndEventTime(Shape columns, Schema schema) {
        for (String key : stream.key()) {
            if (!columns.has(key) || !isKey(columns.column(key).type().kind())) {
                throw unfit("key", key, "a field with a simple value", columns, schema);
            }
        }
        stream.decoding().keyFormat().ifPresent(format -> requireKeyFormat(format, columns));
        for (String field : stream.deduplicate().map(Stream.Deduplicate::by).orElse(List.of())) {
            if (!columns.has(field) || !columns.column(field).type().kind().isSimple()) {
                throw unfit("deduplicate.by", field, "a field with a simple value", columns, schema);
            }
        }
        stream.eventTime().field().ifPresent(name -> {
            if (!columns.has(name) || !isTimestamp(columns.column(name).type().kind())) {
                throw unfit("event-time", name, "a timestamp field", columns, schema);
            }
        });
    }

    /** Postgres holds a month and 30 days for equal, we don't. */
    private static boolean isKey(ColumnType.Kind kind) {
        return kind.isSimple() && kind != ColumnType.Kind.DURATION;
    }

    private static boolean isTimestamp(ColumnType.Kind kind) {
        return kind == ColumnType.Kind.TIMESTAMP || kind == ColumnType.Kind.TIMESTAMP_NANOS;
    }

    private void requireKeyFormat(Stream.KeyFormat format, Shape columns) {
        Column key = columns.column(stream.key().getFirst());
        if (!PlainKeys.fit(format, key.type())) {
            throw new ContractException("streams." + stream.name() + ".key-format: a key of format "
                    + format.name().toLowerCase(Locale.ROOT) + " doesn't fit column " + key.name() + ", which is "
                    + key.type().postgres());
        }
    }

    private ContractException unfit(String setting, String name, String expected, Shape columns, Schema schema) {
        return new ContractException("streams." + stream.name() + "." + setting + ": expected the name of " + expected
                + ", but `" + name + "` isn't one in " + schema.getFullName() + ", which has "
                + String.join(", ", columns.columns().stream().map(Column::name).toList()));
    }
}
