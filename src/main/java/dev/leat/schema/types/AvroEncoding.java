package dev.leat.schema.types;

import dev.leat.schema.types.ColumnType.Branch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Writes values of columns in Avro's binary encoding: what {@link AvroValue} reads, the other way round. */
public final class AvroEncoding {

    private static final Pattern DURATION = Pattern.compile("P(?:(\\d+)M)?(?:(\\d+)D)?(?:T([\\d.]+)S)?");

    private AvroEncoding() {}

    /**
     * @param value as {@link Vector#valueAt} has it, not null
     * @param type the schema's own type, of which the value is
     * @throws AvroCursor.Malformed when the schema can't hold the value
     */
    public static void write(Object value, Schema schema, ColumnType type, BinaryEncoder out) throws IOException {
        switch (type.kind()) {
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case INT, DATE -> out.writeInt(Math.toIntExact((Long) value));
            case LONG, TIMESTAMP, TIMESTAMP_NANOS, LOCAL_TIMESTAMP, LOCAL_TIMESTAMP_NANOS ->
                out.writeLong(unscaled((Long) value, schema));
            case TIME -> {
                long time = unscaled((Long) value, schema);
                if (schema.getType() == Schema.Type.INT) {
                    out.writeInt(Math.toIntExact(time));
                } else {
                    out.writeLong(time);
                }
            }
            case FLOAT -> out.writeFloat(((Double) value).floatValue());
            case DOUBLE -> out.writeDouble((Double) value);
            case STRING -> {
                if (schema.getType() == Schema.Type.ENUM) {
                    out.writeEnum(symbol((String) value, schema));
                } else {
                    out.writeString((String) value);
                }
            }
            case BYTES -> writeBytes((byte[]) value, schema, out);
            case DECIMAL -> writeDecimal((BigDecimal) value, schema, type, out);
            case UUID -> writeUuid((UUID) value, schema, out);
            case DURATION -> out.writeFixed(duration((String) value));
            case ARRAY -> {
                List<?> elements = (List<?>) value;
                out.writeArrayStart();
                out.setItemCount(elements.size());
                for (Object element : elements) {
                    out.startItem();
                    writeOptional(element, schema.getElementType(), type.element(), out);
                }
                out.writeArrayEnd();
            }
            case MAP -> {
                Map<?, ?> entries = (Map<?, ?>) value;
                out.writeMapStart();
                out.setItemCount(entries.size());
                for (Map.Entry<?, ?> entry : entries.entrySet()) {
                    out.startItem();
                    out.writeString((String) entry.getKey());
                    writeOptional(entry.getValue(), schema.getValueType(), type.element(), out);
                }
                out.writeMapEnd();
            }
            case UNION -> writeBranch((Branch) value, schema, type, out);
            case JSON -> JsonEncoding.write((String) value, schema, out);
        }
    }

    /** A value that may be null, where the schema says so. */
    static void writeOptional(Object value, Schema schema, ColumnType type, BinaryEncoder out) throws IOException {
        Schema present = AvroTypes.presentOf(schema);
        if (value == null) {
            writeNull(schema, out);
            return;
        }
        if (present != schema) {
            out.writeIndex(schema.getTypes().indexOf(present));
        }
        write(value, present, type, out);
    }

    public static void writeNull(Schema union, BinaryEncoder out) throws IOException {
        if (union.getType() == Schema.Type.NULL) {
            out.writeNull();
            return;
        }
        int index = nullBranch(union);
        if (index < 0) {
            throw new AvroCursor.Malformed(
                    "a value is null where the class has " + union.getType().getName());
        }
        out.writeIndex(index);
    }

    /** Which branch null is; -1 for none. */
    public static int nullBranch(Schema schema) {
        if (schema.getType() == Schema.Type.NULL) {
            return 0;
        }
        return schema.getType() == Schema.Type.UNION
                ? schema.getTypes().stream().map(Schema::getType).toList().indexOf(Schema.Type.NULL)
                : -1;
    }

    private static void writeBranch(Branch branch, Schema union, ColumnType type, BinaryEncoder out)
            throws IOException {
        Schema schema = branchNamed(branch.name(), union);
        out.writeIndex(union.getTypes().indexOf(schema));
        write(branch.value(), schema, type.branch(branch.name()), out);
    }

    static Schema branchNamed(String name, Schema union) {
        return union.getTypes().stream()
                .filter(b -> b.getFullName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AvroCursor.Malformed("the class has no branch " + name));
    }

    private static long unscaled(long value, Schema schema) {
        long factor = AvroTypes.unitFactor(schema);
        if (value % factor != 0) {
            throw new AvroCursor.Malformed("a time is finer than the milliseconds that the class has");
        }
        return value / factor;
    }

    private static int symbol(String symbol, Schema schema) {
        if (schema.hasEnumSymbol(symbol)) {
            return schema.getEnumOrdinal(symbol);
        }
        if (schema.getEnumDefault() != null) {
            return schema.getEnumOrdinal(schema.getEnumDefault());
        }
        throw new AvroCursor.Malformed(
                "the class's enum " + schema.getFullName() + " has no symbol " + symbol + ", and no default");
    }

    private static void writeBytes(byte[] bytes, Schema schema, BinaryEncoder out) throws IOException {
        if (schema.getType() != Schema.Type.FIXED) {
            out.writeBytes(bytes);
        } else if (schema.getFixedSize() == bytes.length) {
            out.writeFixed(bytes);
        } else {
            throw new AvroCursor.Malformed(bytes.length + " bytes aren't the " + schema.getFixedSize()
                    + " of the class's " + schema.getFullName());
        }
    }

    private static void writeDecimal(BigDecimal value, Schema schema, ColumnType type, BinaryEncoder out)
            throws IOException {
        if (!type.hasDigits()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BinaryEncoder inner = EncoderFactory.get().directBinaryEncoder(bytes, null);
            inner.writeBytes(value.unscaledValue().toByteArray());
            inner.writeInt(value.scale());
            out.writeBytes(bytes.toByteArray());
            return;
        }
        byte[] unscaled = value.setScale(type.scale()).unscaledValue().toByteArray();
        if (schema.getType() != Schema.Type.FIXED) {
            out.writeBytes(unscaled);
            return;
        }
        byte[] padded = new byte[schema.getFixedSize()];
        Arrays.fill(padded, (byte) (value.signum() < 0 ? -1 : 0));
        System.arraycopy(unscaled, 0, padded, padded.length - unscaled.length, unscaled.length);
        out.writeFixed(padded);
    }

    private static void writeUuid(UUID value, Schema schema, BinaryEncoder out) throws IOException {
        if (schema.getType() == Schema.Type.FIXED) {
            out.writeFixed(ByteBuffer.allocate(16)
                    .putLong(value.getMostSignificantBits())
                    .putLong(value.getLeastSignificantBits())
                    .array());
        } else {
            out.writeString(value.toString());
        }
    }

    private static byte[] duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new AvroCursor.Malformed("a duration isn't one");
        }
        ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 1; i <= 2; i++) {
            bytes.putInt(parts.group(i) == null ? 0 : Integer.parseUnsignedInt(parts.group(i)));
        }
        BigDecimal seconds = parts.group(3) == null ? BigDecimal.ZERO : new BigDecimal(parts.group(3));
        return bytes.putInt((int) seconds.movePointRight(3).longValueExact()).array();
    }
}
