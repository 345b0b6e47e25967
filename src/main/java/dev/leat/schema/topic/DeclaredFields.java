package dev.leat.schema.topic;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.time.TimeExpression;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.contract.Misfit;
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
        stream.eventTime().expression().ifPresent(time -> requireTimes(time, columns, schema));
    }

    /**
     * Whole numbers of 64 bits stay such where they tell events or their keys apart: as doubles different ones would be one.
     *
     * @param version the columns of a version alone
     * @param known those that the stream had before it; null when there were none
     * @param grown both together
     * @throws Misfit when one of them would be read into a column of doubles
     */
    void requireDistinct(List<Column> version, Shape known, Shape grown) {
        Shape own = new Shape(version);
        for (String name : stream.identities()) {
            if (!grown.has(name) || grown.column(name).type().kind() != Kind.DOUBLE) {
                continue;
            }
            if (isLong(name, own)) {
                throw indistinct("field " + name + " is bigint, but its column is double precision", name);
            }
            if (isLong(name, known)) {
                throw indistinct(
                        "field " + name + " is " + own.column(name).type().postgres() + ", but its column is bigint",
                        name);
            }
        }
    }

    private Misfit indistinct(String problem, String name) {
        return new Misfit(problem + " and tells " + (stream.key().contains(name) ? "keys" : "duplicates")
                + " apart: as doubles, whole numbers from 2^53 on would become one; leave its type as it was, or give the"
                + " other type a field of its own");
    }

    private static boolean isLong(String name, Shape columns) {
        return columns != null
                && columns.has(name)
                && columns.column(name).type().kind() == Kind.LONG;
    }

    private void requireTimes(TimeExpression time, Shape columns, Schema schema) {
        switch (time) {
            case TimeExpression.Field field -> requireTime(field, columns, schema);
            case TimeExpression.Shifted shifted -> requireTimes(shifted.time(), columns, schema);
            case TimeExpression.FirstOf first -> first.times().forEach(t -> requireTimes(t, columns, schema));
            case TimeExpression.KafkaTimestamp ignored -> {}
        }
    }

    private void requireTime(TimeExpression.Field field, Shape columns, Schema schema) {
        String name = field.name();
        if (!columns.has(name)) {
            throw unfit("event-time", name, "a timestamp field", columns, schema);
        }
        Column column = columns.column(name);
        boolean isNumber = isNumber(column.type().kind());
        if (isNumber && field.unit().isEmpty() && field.zone().isEmpty()) {
            throw unfitTime("`" + name + "` is a number; say in what it counts, as {field: " + name
                    + ", unit: ms}: s, ms, us or ns");
        }
        if (field.unit().isPresent() != isNumber
                || !isNumber && !isTime(column.type().kind())) {
            throw unfitTime(describe(column) + ", which no time can be read from"
                    + (field.unit().isPresent() ? " as a number" : "")
                    + "; expected a timestamp, a date, or a whole number with its `unit:`");
        }
        if (field.zone().isPresent() && isInstant(column.type().kind())) {
            throw unfitTime(
                    describe(column) + ", an instant; only dates and times without a zone are of one that is said");
        }
    }

    private static String describe(Column column) {
        return "`" + column.name() + "` is " + column.type().postgres();
    }

    private ContractException unfitTime(String problem) {
        return new ContractException(stream.at("event-time") + ": " + problem);
    }

    private static boolean isNumber(Kind kind) {
        return kind == Kind.LONG || kind == Kind.INT;
    }

    private static boolean isInstant(Kind kind) {
        return kind == Kind.TIMESTAMP || kind == Kind.TIMESTAMP_NANOS;
    }

    private static boolean isTime(Kind kind) {
        return isInstant(kind)
                || kind == Kind.LOCAL_TIMESTAMP
                || kind == Kind.LOCAL_TIMESTAMP_NANOS
                || kind == Kind.DATE;
    }

    /** Durations are no keys: to Postgres a month equals 30 days, to us it doesn't. */
    private static boolean isKey(Kind kind) {
        return kind.isSimple() && kind != Kind.DURATION;
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
