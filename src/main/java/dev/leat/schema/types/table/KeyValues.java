package dev.leat.schema.types.table;

import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Branch;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.avro.UuidText;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The value of a key as the value of its column. Producers write a key with a type of its own, often a text: whatever
 * stands for exactly one value of the column's type is that value.
 */
public final class KeyValues {

    private static final int UUID_BYTES = 16;

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,999})(\\.[0-9]{1,999})?");

    private KeyValues() {}

    /**
     * @param value as {@link dev.leat.schema.types.Vector#valueAt} gives it; null stays null
     * @throws ContractException when it stands for none
     */
    public static Object converted(Object value, ColumnType from, ColumnType to) {
        if (value == null) {
            return null;
        }
        if (value instanceof Branch branch) {
            return converted(branch.value(), from.branch(branch.name()), to);
        }
        if (to.holds(from)) {
            return TypeTable.widened(value, from, to);
        }
        try {
            Object converted = other(value, from.kind(), to);
            if (converted != null) {
                return converted;
            }
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new ContractException("it is " + from.postgres() + ", and this one is no " + to.postgres());
        }
        throw new ContractException("it is " + from.postgres() + ", but the column is " + to.postgres());
    }

    /** Null where values of the one type never stand for one of the other. */
    private static Object other(Object value, Kind from, ColumnType to) {
        return switch (to.kind()) {
            case STRING ->
                switch (from) {
                    case UUID, INT, LONG -> value.toString();
                    default -> null;
                };
            case UUID ->
                switch (from) {
                    case STRING -> UuidText.parse((String) value);
                    case BYTES -> uuid((byte[]) value);
                    default -> null;
                };
            case BYTES -> from == Kind.UUID ? bytes((UUID) value) : null;
            case INT -> {
                BigDecimal number = number(value, from);
                yield number == null ? null : (Object) (long) number.intValueExact();
            }
            case LONG -> {
                BigDecimal number = number(value, from);
                yield number == null ? null : (Object) number.longValueExact();
            }
            case DECIMAL -> decimal(number(value, from), to);
            case FLOAT -> from == Kind.DOUBLE ? single((Double) value) : null;
            case TIMESTAMP -> from == Kind.TIMESTAMP_NANOS ? (Object) micros((Long) value) : null;
            case LOCAL_TIMESTAMP -> from == Kind.LOCAL_TIMESTAMP_NANOS ? (Object) micros((Long) value) : null;
            default -> null;
        };
    }

    /** Null where it is none. A text is one only in the form in which a number is written. */
    private static BigDecimal number(Object value, Kind from) {
        return switch (from) {
            case INT, LONG -> BigDecimal.valueOf((Long) value);
            case DECIMAL -> (BigDecimal) value;
            case STRING -> {
                if (!NUMBER.matcher((String) value).matches() || value.equals("-0")) {
                    throw new IllegalArgumentException((String) value);
                }
                yield new BigDecimal((String) value);
            }
            default -> null;
        };
    }

    private static BigDecimal decimal(BigDecimal number, ColumnType to) {
        if (number == null || !to.hasDigits()) {
            return number;
        }
        BigDecimal scaled = number.setScale(to.scale());
        if (scaled.precision() > to.precision()) {
            throw new ArithmeticException("more than " + to.precision() + " digits");
        }
        return scaled;
    }

    private static Object single(double value) {
        if ((float) value != value && !Double.isNaN(value)) {
            throw new ArithmeticException("no float");
        }
        return value;
    }

    private static long micros(long nanos) {
        if (nanos % 1000 != 0) {
            throw new ArithmeticException("finer than microseconds");
        }
        return nanos / 1000;
    }

    private static UUID uuid(byte[] bytes) {
        if (bytes.length != UUID_BYTES) {
            throw new IllegalArgumentException(bytes.length + " bytes");
        }
        ByteBuffer bits = ByteBuffer.wrap(bytes);
        return new UUID(bits.getLong(), bits.getLong());
    }

    private static byte[] bytes(UUID uuid) {
        return ByteBuffer.allocate(UUID_BYTES)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }
}
