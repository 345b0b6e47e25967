package dev.leat.schema.types;

import dev.leat.schema.types.ColumnType.Branch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;

/**
 * Reads values that are no plain numbers or texts from Avro's binary encoding, and brings values of one type to a wider
 * one. Times of day and timestamps are in the unit of their kind of column.
 */
public final class AvroValue {

    private static final long MILLIS_PER_SECOND = 1000;

    private AvroValue() {}

    /**
     * The value as {@link Vector#valueAt} has it; null for null.
     *
     * @param type the schema's own type, as {@link AvroTypes#columnType} says
     */
    public static Object read(AvroCursor in, Schema schema, ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> in.readBoolean();
            case INT, DATE -> (long) in.readInt();
            case LONG, TIME, TIMESTAMP, TIMESTAMP_NANOS, LOCAL_TIMESTAMP, LOCAL_TIMESTAMP_NANOS ->
                scaled(in.readLong(), AvroTypes.unitFactor(schema));
            case FLOAT -> (double) in.readFloat();
            case DOUBLE -> in.readDouble();
            case STRING -> schema.getType() == Schema.Type.ENUM ? symbol(in, schema) : in.readString();
            case BYTES -> bytes(in, schema);
            case DECIMAL -> type.hasDigits() ? decimal(bytes(in, schema), type) : bigDecimal(in);
            case UUID -> uuid(in, schema);
            case DURATION -> duration(in);
            case ARRAY -> array(in, schema.getElementType(), type.element());
            case MAP -> map(in, schema.getValueType(), type.element());
            case UNION -> union(in, schema, type);
            case JSON -> JsonValue.read(in, schema);
        };
    }

    private static List<Object> array(AvroCursor in, Schema element, ColumnType type) {
        List<Object> values = new ArrayList<>();
        forEachItem(in, () -> values.add(readOptional(in, element, type)));
        return values;
    }

    private static Map<String, Object> map(AvroCursor in, Schema value, ColumnType type) {
        Map<String, Object> values = new LinkedHashMap<>();
        forEachItem(in, () -> values.put(in.readString(), readOptional(in, value, type)));
        return values;
    }

    private static Object readOptional(AvroCursor in, Schema schema, ColumnType type) {
        if (AvroTypes.optionalOf(schema) == null) {
            return read(in, schema, type);
        }
        Schema branch = branch(in, schema);
        return branch.getType() == Schema.Type.NULL ? null : read(in, branch, type);
    }

    private static Branch union(AvroCursor in, Schema union, ColumnType type) {
        Schema branch = branch(in, union);
        if (branch.getType() == Schema.Type.NULL) {
            return null;
        }
        return new Branch(branch.getFullName(), read(in, branch, type.branch(branch.getFullName())));
    }

    public static Schema branch(AvroCursor in, Schema union) {
        int index = in.readInt();
        if (index < 0 || index >= union.getTypes().size()) {
            throw new AvroCursor.Malformed("a union of " + union.getTypes().size() + " has branch " + index);
        }
        return union.getTypes().get(index);
    }

    public static String symbol(AvroCursor in, Schema schema) {
        int index = in.readInt();
        if (index < 0 || index >= schema.getEnumSymbols().size()) {
            throw new AvroCursor.Malformed(
                    "an enum of " + schema.getEnumSymbols().size() + " symbols has number " + index);
        }
        return schema.getEnumSymbols().get(index);
    }

    /** Blocks of items: a count, negative if the block's size in bytes follows; a count of 0 ends them. */
    static void forEachItem(AvroCursor in, Item item) {
        try {
            for (long count = in.readLong(); count != 0; count = in.readLong()) {
                if (count < 0) {
                    count = -count;
                    in.readLong();
                }
                for (long i = 0; i < count; i++) {
                    if (in.remaining() == 0 && count > 1_000_000) {
                        throw new AvroCursor.Malformed("a block claims " + count + " items");
                    }
                    item.next();
                }
            }
        } catch (com.fasterxml.jackson.core.exc.StreamConstraintsException e) {
            throw new AvroCursor.Malformed("a value is nested too deep: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    interface Item {
        void next() throws IOException;
    }

    static byte[] bytes(AvroCursor in, Schema schema) {
        return schema.getType() == Schema.Type.FIXED ? in.readFixed(schema.getFixedSize()) : in.readBytes();
    }

    public static long scaled(long value, long factor) {
        if (factor == 1) {
            return value;
        }
        if (Math.multiplyHigh(value, factor) != value * factor >> 63) {
            throw new AvroCursor.Malformed("a time is " + value + ", which its column's finer unit can't hold");
        }
        return value * factor;
    }

    private static BigDecimal decimal(byte[] unscaled, ColumnType type) {
        if (unscaled.length == 0) {
            throw new AvroCursor.Malformed("a decimal has no bytes");
        }
        BigDecimal value = new BigDecimal(new BigInteger(unscaled), type.scale());
        if (value.precision() > type.precision()) {
            throw new AvroCursor.Malformed(
                    "a decimal has " + value.precision() + " digits, but its type says " + type.precision());
        }
        return value;
    }

    /** Bytes that hold the unscaled value, again as bytes, and the scale. Source: Avro's Conversions.BigDecimal. */
    private static BigDecimal bigDecimal(AvroCursor in) {
        AvroCursor value = new AvroCursor();
        value.reset(in.readBytes(), 0);
        byte[] unscaled = value.readBytes();
        if (unscaled.length == 0) {
            throw new AvroCursor.Malformed("a decimal has no bytes");
        }
        return new BigDecimal(new BigInteger(unscaled), value.readInt());
    }

    /** Of 16 bytes, or of text. */
    public static UUID uuid(AvroCursor in, Schema schema) {
        if (schema.getType() == Schema.Type.FIXED) {
            ByteBuffer bytes = ByteBuffer.wrap(in.readFixed(schema.getFixedSize()));
            return new UUID(bytes.getLong(), bytes.getLong());
        }
        try {
            return UUID.fromString(in.readString());
        } catch (IllegalArgumentException e) {
            throw new AvroCursor.Malformed("a uuid isn't one");
        }
    }

    /** Three little-endian unsigned ints: months, days, milliseconds. */
    private static String duration(AvroCursor in) {
        ByteBuffer bytes = ByteBuffer.wrap(in.readFixed(12)).order(ByteOrder.LITTLE_ENDIAN);
        return duration(
                Integer.toUnsignedLong(bytes.getInt()),
                Integer.toUnsignedLong(bytes.getInt()),
                Integer.toUnsignedLong(bytes.getInt()));
    }

    static String duration(long months, long days, long millis) {
        StringBuilder text = new StringBuilder("P");
        if (months > 0) {
            text.append(months).append('M');
        }
        if (days > 0) {
            text.append(days).append('D');
        }
        if (millis > 0 || text.length() == 1) {
            BigDecimal seconds = BigDecimal.valueOf(millis).divide(BigDecimal.valueOf(MILLIS_PER_SECOND));
            text.append('T').append(seconds.toPlainString()).append('S');
        }
        return text.toString();
    }

    /**
     * A value of one type as one of a type that holds it ({@link ColumnType#holds}).
     *
     * @throws AvroCursor.Malformed when it is bytes that are no text, or a time that a finer unit can't hold
     */
    public static Object widened(Object value, ColumnType from, ColumnType to) {
        if (value == null || from.equals(to)) {
            return value;
        }
        return switch (to.kind()) {
            case FLOAT, DOUBLE -> ((Number) value).doubleValue();
            case TIMESTAMP_NANOS, LOCAL_TIMESTAMP_NANOS -> scaled((Long) value, 1000);
            case STRING -> value instanceof byte[] bytes ? utf8(bytes) : value;
            case BYTES -> value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : value;
            case DECIMAL -> to.hasDigits() ? ((BigDecimal) value).setScale(to.scale()) : value;
            case ARRAY -> {
                List<Object> elements = new ArrayList<>();
                ((List<?>) value).forEach(e -> elements.add(widened(e, from.element(), to.element())));
                yield elements;
            }
            case MAP -> {
                Map<Object, Object> values = new LinkedHashMap<>();
                ((Map<?, ?>) value).forEach((k, v) -> values.put(k, widened(v, from.element(), to.element())));
                yield values;
            }
            case UNION -> {
                Branch branch = (Branch) value;
                yield new Branch(
                        branch.name(), widened(branch.value(), from.branch(branch.name()), to.branch(branch.name())));
            }
            case JSON -> JsonValue.of(value, from);
            default -> value;
        };
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AvroCursor.Malformed("bytes for a column of text aren't UTF-8");
        }
    }
}
