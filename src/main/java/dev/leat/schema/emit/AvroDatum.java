package dev.leat.schema.emit;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.data.Numeric;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/**
 * A value as the Postgres client gives it, as Avro's generic writer takes it. Times that are finer than their type are
 * rounded down; no other digit is lost: what doesn't fit is refused with an {@link UnencodableValue}.
 */
public final class AvroDatum {

    private static final Conversions.DecimalConversion DECIMAL = new Conversions.DecimalConversion();

    private AvroDatum() {}

    /** @param field for the message */
    static Object of(Object value, Schema type, String field) {
        try {
            return of(value, type);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new UnencodableValue("field " + field + " can't hold a value of the row: " + e.getMessage());
        } catch (RuntimeException e) {
            // Whatever it is, it is this row's: it would come again each time, and no other row need wait for it.
            throw new UnencodableValue("field " + field + " can't hold a value of the row: " + e);
        }
    }

    private static Object of(Object value, Schema type) {
        if (type.getType() == Schema.Type.UNION) {
            return value == null ? null : of(value, present(type));
        }
        if (value == null) {
            throw new IllegalArgumentException("null, and the contract says that there is always one");
        }
        if (value instanceof Object[] && type.getType() != Schema.Type.ARRAY) {
            throw new IllegalArgumentException("an array of arrays, and the contract has an array of "
                    + type.getType().getName()
                    + "; emit it by a `contract:` that has arrays of arrays, or as to_jsonb(…)");
        }
        return switch (type.getType()) {
            case INT -> intOf(value, type);
            case LONG -> longOf(value, type);
            case FLOAT -> ((Number) value).floatValue();
            case DOUBLE -> ((Number) value).doubleValue();
            case STRING -> text(value);
            case ENUM -> symbol(text(value), type);
            case BYTES ->
                type.getLogicalType() instanceof LogicalTypes.Decimal decimal
                        ? ByteBuffer.wrap(unscaled(value, decimal).toByteArray())
                        : ByteBuffer.wrap(bytes(value));
            case FIXED -> fixed(value, type);
            case ARRAY -> array(value, type);
            default -> value;
        };
    }

    private static Schema present(Schema union) {
        return union.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .findFirst()
                .orElseThrow();
    }

    private static List<Object> array(Object value, Schema type) {
        if (!(value instanceof Object[] values)) {
            throw new IllegalArgumentException("no array, and the contract has an array of arrays");
        }
        List<Object> elements = new ArrayList<>();
        for (Object element : values) {
            elements.add(of(element, type.getElementType()));
        }
        return elements;
    }

    private static Object intOf(Object value, Schema type) {
        return switch (type.getLogicalType()) {
            case LogicalTypes.Date date -> Math.toIntExact(((LocalDate) value).toEpochDay());
            case LogicalTypes.TimeMillis time -> (int) (timeOfDay(value).toNanoOfDay() / 1_000_000);
            case null, default -> Math.toIntExact(((Number) value).longValue());
        };
    }

    private static Object longOf(Object value, Schema type) {
        if (type.getLogicalType() instanceof LogicalTypes.TimeMicros) {
            return timeOfDay(value).toNanoOfDay() / 1000;
        }
        return switch (value) {
            case OffsetDateTime time -> units(time.toInstant(), perSecond(type));
            case LocalDateTime time -> units(time.toInstant(ZoneOffset.UTC), perSecond(type));
            default -> ((Number) value).longValue();
        };
    }

    /** Selected as text, because Postgres has one more than Java at the end of a day. Avro hasn't. */
    private static LocalTime timeOfDay(Object value) {
        return value instanceof LocalTime time ? time : LocalTime.parse(value.toString());
    }

    private static long units(Instant time, long perSecond) {
        return Math.addExact(
                Math.multiplyExact(time.getEpochSecond(), perSecond), time.getNano() / (1_000_000_000 / perSecond));
    }

    private static long perSecond(Schema type) {
        return switch (type.getLogicalType()) {
            case LogicalTypes.TimestampMillis millis -> 1_000;
            case LogicalTypes.LocalTimestampMillis millis -> 1_000;
            case LogicalTypes.TimestampNanos nanos -> 1_000_000_000;
            case LogicalTypes.LocalTimestampNanos nanos -> 1_000_000_000;
            case null, default -> 1_000_000;
        };
    }

    private static GenericData.EnumSymbol symbol(String text, Schema type) {
        if (!type.hasEnumSymbol(text)) {
            throw new IllegalArgumentException("the enum " + type.getFullName() + " has no such symbol");
        }
        return new GenericData.EnumSymbol(type, text);
    }

    private static GenericData.Fixed fixed(Object value, Schema type) {
        if (type.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return (GenericData.Fixed)
                    DECIMAL.toFixed(new BigDecimal(unscaled(value, decimal), decimal.getScale()), type, decimal);
        }
        byte[] bytes = value instanceof UUID uuid
                ? ByteBuffer.allocate(16)
                        .putLong(uuid.getMostSignificantBits())
                        .putLong(uuid.getLeastSignificantBits())
                        .array()
                : bytes(value);
        if (bytes.length != type.getFixedSize()) {
            throw new IllegalArgumentException(bytes.length + " bytes instead of " + type.getFixedSize());
        }
        return new GenericData.Fixed(type, bytes);
    }

    private static BigInteger unscaled(Object value, LogicalTypes.Decimal type) {
        BigDecimal exact = decimal(value).setScale(type.getScale());
        if (exact.precision() > type.getPrecision()) {
            throw new ArithmeticException("more than " + type.getPrecision() + " digits");
        }
        return exact.unscaledValue();
    }

    private static BigDecimal decimal(Object value) {
        return switch (value) {
            case BigDecimal decimal -> decimal;
            case Numeric numeric when numeric.isNaN() -> throw new ArithmeticException("NaN");
            default -> new BigDecimal(value.toString());
        };
    }

    private static byte[] bytes(Object value) {
        return ((Buffer) value).getBytes();
    }

    /** As a person would write it; a time in UTC. */
    public static String text(Object value) {
        return switch (value) {
            case OffsetDateTime time -> time.toInstant().toString();
            case Numeric numeric when numeric.isNaN() -> "NaN";
            case Numeric numeric -> numeric.bigDecimalValue().toPlainString();
            case BigDecimal decimal -> decimal.toPlainString();
            default -> value.toString();
        };
    }
}
