package dev.leat.schema;

import dev.leat.pipeline.Stream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * What is known of a stream's contract: its record type and the shape that its events have had so far. Shared by all
 * lanes of the stream; the shape only grows.
 */
final class StreamSource {

    private final Stream stream;

    // Written under this object's lock, read by every lane; all three are replaced, never changed.
    private volatile String type;
    private volatile Shape shape;
    private volatile Map<String, Object> defaults = Map.of();

    StreamSource(Stream stream) {
        this.stream = stream;
        this.type = stream.type().orElse(null);
    }

    Stream stream() {
        return stream;
    }

    Optional<Shape> shape() {
        return Optional.ofNullable(shape);
    }

    Optional<String> type() {
        return Optional.ofNullable(type);
    }

    /** Whether records of this type belong here. Before anything is known, the first type that comes does. */
    boolean takes(Schema writer) {
        return type == null || type.equals(writer.getFullName());
    }

    /**
     * Learns what the registry, or the pipeline, has as the contract of the stream's subject: the type itself, or a union
     * that has it. Another stream's type is passed over.
     *
     * @throws ContractException when the stream can't live with it, or it may be any of several
     */
    void learnSubject(Schema contract) {
        if (contract.getType() != Schema.Type.UNION) {
            if (takes(contract)) {
                learn(contract);
            }
            return;
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
        records.forEach(this::learn);
    }

    /**
     * Learns a version of the contract: its columns join the shape.
     *
     * @throws ContractException when the stream can't live with it
     */
    synchronized void learn(Schema schema) {
        if (schema.getType() != Schema.Type.RECORD) {
            throw new ContractException("stream " + stream.name() + " is made of records, but topic " + stream.topic()
                    + " has values of type " + schema.getType().getName());
        }
        boolean wrapped = stream.unwrap().isPresent();
        List<Column> columns = wrapped ? Debezium.columns(schema) : RecordFields.columns(schema);
        Shape grown = shape == null ? new Shape(columns) : shape.with(columns);
        if (shape == null) {
            requireKeyAndEventTime(grown, schema);
        }
        Map<String, Object> known = new HashMap<>(defaults);
        known.putAll(RecordFields.defaults(wrapped ? Debezium.row(schema) : schema));
        defaults = Map.copyOf(known);
        type = schema.getFullName();
        shape = grown;
    }

    /** @throws ContractException when the writer's fields don't fit the columns */
    RowPlan plan(Schema writer) {
        return plan(writer, shape);
    }

    RowPlan plan(Schema writer, Shape into) {
        return stream.unwrap().isPresent()
                ? new Debezium(writer, into, defaults, stream.key(), new Rows(stream, into, 0))
                : new ReadPlan(writer, into, defaults);
    }

    private void requireKeyAndEventTime(Shape columns, Schema schema) {
        for (String key : stream.key()) {
            if (!columns.has(key) || columns.column(key).type().kind() == ColumnType.Kind.JSON) {
                throw unfit("key", key, "a field with a simple value", columns, schema);
            }
        }
        stream.keyFormat().ifPresent(format -> requireKeyFormat(format, columns));
        for (String field : stream.deduplicate().map(Stream.Deduplicate::by).orElse(List.of())) {
            if (!columns.has(field) || columns.column(field).type().kind() == ColumnType.Kind.JSON) {
                throw unfit("deduplicate.by", field, "a field with a simple value", columns, schema);
            }
        }
        stream.eventTime().ifPresent(name -> {
            if (!columns.has(name) || columns.column(name).type().kind() != ColumnType.Kind.TIMESTAMP) {
                throw unfit("event-time", name, "a timestamp field", columns, schema);
            }
        });
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
