package dev.leat.schema.envelope;

import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroSkip;
import dev.leat.schema.types.avro.AvroTypes;
import dev.leat.schema.types.table.TypeTable;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * The envelope of Yelp's data pipeline: what happened to a row, and the row after and before that, each as Avro bytes of a
 * schema that the envelope names.
 *
 * <p>Source: Yelp's {@code data_pipeline}, {@code envelope_v1.avsc}. Immutable.
 */
public final class YelpEnvelope {

    /** Messages that producers send about themselves. */
    private static final Set<String> WITHOUT_ROW = Set.of("heartbeat", "monitor", "registration");

    private static final long MICROS_PER_SECOND = 1_000_000;

    private final Schema schema;

    /**
     * Where the bytes of a value are.
     *
     * @param end after the last of them
     */
    public record Range(int start, int end) {

        boolean isEmpty() {
            return start == end;
        }
    }

    /**
     * A message without its payloads.
     *
     * @param payload null when there is none
     * @param previous null when there is none
     * @param meta as JSON; null when there is none
     * @param encryption null when the payloads are plain
     * @param sentAt in microseconds since the epoch
     */
    record Message(
            UUID uuid,
            String type,
            long schemaId,
            Range payload,
            Range previous,
            String meta,
            String encryption,
            long sentAt) {}

    /** @throws ContractException when the schema isn't one of such an envelope */
    public YelpEnvelope(Schema schema) {
        require(schema);
        this.schema = schema;
    }

    /** @throws ContractException when the schema isn't one of such an envelope */
    public static void require(Schema schema) {
        if (schema.getType() != Schema.Type.RECORD
                || !has(schema, "uuid", Schema.Type.FIXED, Schema.Type.STRING)
                || !isUuid(AvroTypes.presentOf(schema.getField("uuid").schema()))
                || !has(schema, "message_type", Schema.Type.ENUM, Schema.Type.STRING)
                || !has(schema, "schema_id", Schema.Type.INT, Schema.Type.LONG)
                || !has(schema, "payload", Schema.Type.BYTES)
                || !has(schema, "timestamp", Schema.Type.INT, Schema.Type.LONG)) {
            throw new ContractException(
                    "`unwrap: yelp` expects an envelope of uuid, message_type, schema_id, payload and timestamp, as"
                            + " avro/Envelope.avsc, and " + schema.getFullName() + " "
                            + (schema.getType() == Schema.Type.RECORD
                                    ? "has "
                                            + schema.getFields().stream()
                                                    .map(Schema.Field::name)
                                                    .collect(Collectors.joining(", "))
                                    : "is no record"));
        }
    }

    private static boolean has(Schema schema, String name, Schema.Type... types) {
        Schema.Field field = schema.getField(name);
        return field != null
                && Set.of(types).contains(AvroTypes.presentOf(field.schema()).getType());
    }

    private static boolean isUuid(Schema schema) {
        return schema.getType() == Schema.Type.STRING || schema.getFixedSize() == 2 * Long.BYTES;
    }

    public String name() {
        return schema.getFullName();
    }

    /** The registry's id of the payload's schema; empty when the message has no row. */
    public OptionalLong payloadSchema(AvroCursor in) {
        String type = null;
        Long id = null;
        for (Schema.Field field : schema.getFields()) {
            Schema present = present(in, field);
            switch (field.name()) {
                case "message_type" -> type = text(in, present);
                case "schema_id" -> id = number(in, present);
                default -> AvroSkip.skip(in, present);
            }
            if (type != null && WITHOUT_ROW.contains(type)) {
                return OptionalLong.empty();
            }
            if (type != null && id != null) {
                return OptionalLong.of(id);
            }
        }
        throw new AvroCursor.Malformed((type == null ? "message_type" : "schema_id") + " is null");
    }

    /** Reads the message; its payloads are skipped. */
    Message open(AvroCursor in) {
        UUID uuid = null;
        String type = "";
        long schemaId = 0;
        Range payload = null;
        Range previous = null;
        String meta = null;
        String encryption = null;
        long sentAt = 0;
        for (Schema.Field field : schema.getFields()) {
            Schema present = present(in, field);
            if (present.getType() == Schema.Type.NULL) {
                continue;
            }
            switch (field.name()) {
                case "uuid" -> uuid = in.readUuid(present);
                case "message_type" -> type = text(in, present);
                case "schema_id" -> schemaId = number(in, present);
                case "payload" -> payload = range(in, present);
                case "previous_payload" -> previous = range(in, present);
                case "meta" -> meta = TypeTable.json(in, present);
                case "encryption_type" -> encryption = text(in, present);
                case "timestamp" -> sentAt = micros(in, present);
                default -> AvroSkip.skip(in, present);
            }
        }
        in.requireEnd();
        return new Message(uuid, type, schemaId, payload, previous, meta, encryption, sentAt);
    }

    private static Schema present(AvroCursor in, Schema.Field field) {
        Schema written = AvroTypes.schemaOf(field);
        return written.getType() == Schema.Type.UNION ? in.readBranch(written) : written;
    }

    private static String text(AvroCursor in, Schema schema) {
        return switch (schema.getType()) {
            case ENUM -> in.readSymbol(schema);
            case STRING -> in.readString();
            default -> throw nothing(schema);
        };
    }

    private static long number(AvroCursor in, Schema schema) {
        return switch (schema.getType()) {
            case INT, LONG -> in.readLong();
            default -> throw nothing(schema);
        };
    }

    private static Range range(AvroCursor in, Schema schema) {
        if (schema.getType() != Schema.Type.BYTES) {
            throw nothing(schema);
        }
        int length = in.readLength();
        int start = in.position();
        in.skip(length);
        return new Range(start, start + length);
    }

    /** Yelp's own are seconds; a producer may say by a logical type that its are finer. */
    private static long micros(AvroCursor in, Schema schema) {
        return switch (AvroTypes.columnType(schema).kind()) {
            case TIMESTAMP -> AvroTypes.scaled(in.readLong(), AvroTypes.unitFactor(schema));
            case TIMESTAMP_NANOS -> Math.floorDiv(in.readLong(), 1000);
            default -> AvroTypes.scaled(number(in, schema), MICROS_PER_SECOND);
        };
    }

    private static AvroCursor.Malformed nothing(Schema schema) {
        return new AvroCursor.Malformed(
                "the envelope has " + schema.getType().getName() + " where that makes no sense");
    }
}
