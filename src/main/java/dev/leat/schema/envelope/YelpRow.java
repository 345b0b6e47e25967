package dev.leat.schema.envelope;

import dev.leat.schema.decode.Default;
import dev.leat.schema.decode.RecordFields;
import dev.leat.schema.envelope.YelpEnvelope.Message;
import dev.leat.schema.envelope.YelpEnvelope.Range;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.table.TypeTable;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Rows out of {@link YelpEnvelope}s: the payload's columns, and those of the envelope. A delete has the key of the
 * previous payload or, as Yelp's own producers write it, of the payload. Belongs to one lane's decoder.
 */
public final class YelpRow extends UnwrappedRow {

    private static final Column UUID =
            new Column("_uuid", ColumnType.of(ColumnType.Kind.UUID), false, "the message's unique id");
    private static final Column MESSAGE_TYPE = new Column(
            "_message_type",
            ColumnType.of(ColumnType.Kind.STRING),
            false,
            "what became of the row: create, update, refresh or log");
    private static final Column SCHEMA_ID =
            new Column("_schema_id", ColumnType.of(ColumnType.Kind.LONG), false, "id of the payload's schema");
    private static final Column SENT_AT = new Column(
            "_sent_at", ColumnType.of(ColumnType.Kind.TIMESTAMP), false, "the message's timestamp: when it was made");
    private static final Column PREVIOUS =
            new Column("_previous", ColumnType.of(ColumnType.Kind.JSON), false, "the row as it was before the change");
    private static final Column META = new Column(
            "_meta", ColumnType.of(ColumnType.Kind.JSON), false, "the message's attributes, their payloads as base64");
    private static final WrapperColumns OWN =
            new WrapperColumns("yelp", List.of(UUID, MESSAGE_TYPE, SCHEMA_ID, SENT_AT, PREVIOUS, META));

    private final YelpEnvelope envelope;
    private final Schema payload;

    /**
     * @param fields of the payload
     * @param key names of the stream's key columns; empty when it has none
     */
    public YelpRow(
            YelpEnvelope envelope,
            Schema payload,
            RecordFields fields,
            Shape shape,
            Map<String, Default> defaults,
            List<String> key,
            Rows scratch) {
        super(fields, shape, defaults, OWN, key, scratch);
        this.envelope = envelope;
        this.payload = payload;
    }

    public static List<Column> columns(Schema payload, List<Column> ofRow) {
        return OWN.behind(ofRow, payload.getFullName());
    }

    @Override
    public Change read(AvroCursor in, Rows rows) {
        Message message = envelope.open(in);
        if (message.encryption() != null) {
            throw new AvroCursor.Malformed("its payload is encrypted (" + message.encryption() + ")");
        }
        return switch (message.type()) {
            case "create", "update", "refresh", "log" -> {
                readRow(in, message, rows);
                yield Change.EVENT;
            }
            case "delete" ->
                appendDeleted(in, message.previous(), rows) || appendDeleted(in, message.payload(), rows)
                        ? Change.DELETE
                        : Change.DELETE_BY_KEY;
            default -> throw new AvroCursor.Malformed("message_type " + message.type() + " is unknown");
        };
    }

    private void readRow(AvroCursor in, Message message, Rows rows) {
        if (message.payload() == null) {
            throw new AvroCursor.Malformed("a message of type " + message.type() + " has no payload");
        }
        in.seek(message.payload().start(), message.payload().end());
        row.readRecord(in, rows.writable());
        in.requireEnd();
        rows.vector(UUID.name()).appendOrNull(message.uuid());
        rows.vector(MESSAGE_TYPE.name()).append((Object) message.type());
        rows.vector(SCHEMA_ID.name()).append(message.schemaId());
        rows.vector(SENT_AT.name()).append(message.sentAt());
        rows.vector(PREVIOUS.name()).appendOrNull(previous(in, message.previous()));
        rows.vector(META.name()).appendOrNull(message.meta());
    }

    private String previous(AvroCursor in, Range bytes) {
        if (bytes == null || bytes.isEmpty()) {
            return null;
        }
        in.seek(bytes.start(), bytes.end());
        String json = TypeTable.json(in, payload);
        in.requireEnd();
        return json;
    }

    /** False, and nothing is appended, where there is no such row or it hasn't got the key. */
    private boolean appendDeleted(AvroCursor in, Range bytes, Rows rows) {
        if (bytes == null || bytes.isEmpty()) {
            return false;
        }
        in.seek(bytes.start(), bytes.end());
        return deleted.append(in, rows);
    }
}
