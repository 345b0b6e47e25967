package dev.leat.schema.topic;

import dev.leat.pipeline.Stream;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.decode.PlainKeys;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * The fields that a stream's declaration names: its key, its event time, and what its events are deduplicated by.
 *
 * @param columnsOfFields names of the columns that a version's fields go into
 */
record DeclaredFields(Stream stream, Map<String, String> columnsOfFields) {

    /** @throws ContractException when a version of the contract lacks one of them, or has it with an unfit type */
    void requireIn(Shape columns, Schema schema) {
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

    /** Durations are no keys: to Postgres a month equals 30 days, to us it doesn't. */
    private static boolean isKey(Kind kind) {
        return kind.isSimple() && kind != Kind.DURATION;
    }

    private static boolean isTimestamp(Kind kind) {
        return kind == Kind.TIMESTAMP || kind == Kind.TIMESTAMP_NANOS;
    }

    private void requireKeyFormat(Stream.KeyFormat format, Shape columns) {
        Column key = columns.column(stream.key().getFirst());
        if (!PlainKeys.fit(format, key.type())) {
            throw new ContractException(stream.at("key-format") + ": a key of format "
                    + format.name().toLowerCase(Locale.ROOT) + " doesn't fit column " + key.name() + ", which is "
                    + key.type().postgres());
        }
    }

    private ContractException unfit(String setting, String name, String expected, Shape columns, Schema schema) {
        return new ContractException(stream.at(setting) + ": expected the name of " + expected
                + ", but `" + name + "` isn't one in " + schema.getFullName() + ", which has "
                + String.join(", ", columns.columns().stream().map(Column::name).toList())
                + (columnsOfFields.getOrDefault(name, name).equals(name)
                        ? ""
                        : "; field " + name + " is in column " + columnsOfFields.get(name)
                                + ", as it was called first"));
    }
}
