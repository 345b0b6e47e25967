package dev.leat.schema.envelope;

import dev.leat.schema.contract.ContractException;
import dev.leat.schema.decode.Default;
import dev.leat.schema.decode.RecordFields;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroSkip;
import dev.leat.schema.types.avro.AvroTypes;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * Debezium's change event: an envelope around a row as it was {@code before} and is {@code after} a change. The row is
 * what it is after; beside its own columns it has the operation and when the database made the change.
 *
 * <p>Source: Debezium 3, "Change events" of its connectors: op c (create), u (update), r (read, of a snapshot), d
 * (delete), each with {@code source.ts_ms}. Belongs to one lane's decoder, as it reads deletes into rows of its own first.
 */
public final class DebeziumEnvelope extends UnwrappedRow {

    private static final Column OPERATION =
            new Column("_op", ColumnType.of(ColumnType.Kind.STRING), false, "Debezium's operation: c, u or r");
    private static final Column SOURCE_TIME = new Column(
            "_source_at", ColumnType.of(ColumnType.Kind.TIMESTAMP), false, "when the database made the change");
    private static final WrapperColumns OWN = new WrapperColumns("debezium", List.of(OPERATION, SOURCE_TIME));

    private final Schema envelope;

    /**
     * @param fields of the row in the envelope
     * @param key names of the stream's key columns; empty when it has none
     */
    public DebeziumEnvelope(
            Schema envelope,
            RecordFields fields,
            Shape shape,
            Map<String, Default> defaults,
            List<String> key,
            Rows scratch) {
        super(fields, shape, defaults, OWN, key, scratch);
        this.envelope = envelope;
    }

    /**
     * The row's schema in an envelope.
     *
     * @throws ContractException when it isn't one
     */
    public static Schema row(Schema envelope) {
        Schema.Field after = envelope.getField("after");
        Schema.Field operation = envelope.getField("op");
        Schema row = after == null ? null : AvroTypes.presentOf(after.schema());
        if (row == null
                || row.getType() != Schema.Type.RECORD
                || operation == null
                || operation.schema().getType() != Schema.Type.STRING
                || envelope.getField("before") == null
                || !row.equals(AvroTypes.presentOf(envelope.getField("before").schema()))) {
            throw new ContractException("`unwrap: debezium` expects an envelope of before, after and op, and "
                    + envelope.getFullName() + " has "
                    + envelope.getFields().stream().map(Schema.Field::name).collect(Collectors.joining(", ")));
        }
        return row;
    }

    /** @param ofRow the columns of the row in the envelope */
    public static List<Column> columns(Schema envelope, List<Column> ofRow) {
        return OWN.behind(ofRow, envelope.getFullName());
    }

    /** The operation comes after the rows, so these are skipped first. */
    @Override
    public Change read(AvroCursor in, Rows rows) {
        int before = -1;
        int after = -1;
        String operation = "";
        Long sourceMillis = null;
        for (Schema.Field field : envelope.getFields()) {
            switch (field.name()) {
                case "before" -> before = passOver(in, field.schema());
                case "after" -> after = passOver(in, field.schema());
                case "op" -> operation = in.readString();
                case "source" -> sourceMillis = sourceMillis(in, field.schema());
                default -> AvroSkip.skip(in, field.schema());
            }
        }
        in.requireEnd();
        return switch (operation) {
            case "c", "u", "r" -> {
                if (after < 0) {
                    throw new AvroCursor.Malformed("a change with op " + operation + " has no after");
                }
                in.seek(after);
                row.readRecord(in, rows.writable());
                rows.vector(OPERATION.name()).append((Object) operation);
                append(sourceMillis, rows.vector(SOURCE_TIME.name()));
                yield Change.EVENT;
            }
            case "d" -> before >= 0 && readDeleted(in, before, rows) ? Change.DELETE : Change.DELETE_BY_KEY;
            default -> throw new AvroCursor.Malformed("op " + operation + " is none of c, u, r, d");
        };
    }

    /** Where the row begins, or -1 when there is none. */
    private static int passOver(AvroCursor in, Schema schema) {
        Schema present = schema.getType() == Schema.Type.UNION ? in.readBranch(schema) : schema;
        int start = in.position();
        AvroSkip.skip(in, present);
        return present.getType() == Schema.Type.NULL ? -1 : start;
    }

    private static Long sourceMillis(AvroCursor in, Schema source) {
        Schema present = source.getType() == Schema.Type.UNION ? in.readBranch(source) : source;
        if (present.getType() != Schema.Type.RECORD) {
            AvroSkip.skip(in, present);
            return null;
        }
        Long millis = null;
        for (Schema.Field field : present.getFields()) {
            if (field.name().equals("ts_ms") && field.schema().getType() == Schema.Type.LONG) {
                millis = in.readLong();
            } else {
                AvroSkip.skip(in, field.schema());
            }
        }
        return millis;
    }

    private static void append(Long millis, Vector to) {
        if (millis == null || Math.abs(millis) > Long.MAX_VALUE / 1000) {
            to.appendNull();
        } else {
            to.append(millis * 1000);
        }
    }

    private boolean readDeleted(AvroCursor in, int before, Rows rows) {
        in.seek(before);
        return deleted.append(in, rows);
    }
}
