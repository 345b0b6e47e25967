package dev.leat.schema.topic;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/** Valid values of any schema, as Avro's generic writer takes them. */
final class RandomData {

    private static final String[] TEXTS = {"", "a", "ride-17", "größe", "漢字", "🚕", "quote\" and \\", "x".repeat(200)};

    private final Random random;

    RandomData(Random random) {
        this.random = random;
    }

    Object of(Schema schema) {
        return of(schema, 0);
    }

    private Object of(Schema schema, int depth) {
        return switch (schema.getType()) {
            case NULL -> null;
            case BOOLEAN -> random.nextBoolean();
            case INT ->
                schema.getLogicalType() instanceof LogicalTypes.TimeMillis
                        ? random.nextInt(86_400_000)
                        : schema.getLogicalType() instanceof LogicalTypes.Date
                                ? random.nextInt(40_000)
                                : number(Integer.SIZE).intValue();
            case LONG ->
                schema.getLogicalType() == null ? number(Long.SIZE) : Long.valueOf(random.nextLong(86_400_000_000L));
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble() * 1e6;
            case STRING ->
                schema.getLogicalType() instanceof LogicalTypes.Uuid
                        ? new java.util.UUID(random.nextLong(), random.nextLong()).toString()
                        : TEXTS[random.nextInt(TEXTS.length)];
            case ENUM ->
                new GenericData.EnumSymbol(
                        schema,
                        schema.getEnumSymbols()
                                .get(random.nextInt(schema.getEnumSymbols().size())));
            case BYTES -> bytes(schema);
            case FIXED -> new GenericData.Fixed(schema, fixed(schema));
            case RECORD -> record(schema, depth);
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                for (int i = length(depth); i > 0; i--) {
                    items.add(of(schema.getElementType(), depth + 1));
                }
                yield items;
            }
            case MAP -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                for (int i = length(depth); i > 0; i--) {
                    entries.put(TEXTS[random.nextInt(TEXTS.length)] + i, of(schema.getValueType(), depth + 1));
                }
                yield entries;
            }
            case UNION -> {
                List<Schema> branches = schema.getTypes();
                Schema none = branches.stream()
                        .filter(b -> b.getType() == Schema.Type.NULL)
                        .findFirst()
                        .orElse(null);
                yield none != null && (depth > 4 || random.nextInt(3) == 0)
                        ? null
                        : of(branches.get(random.nextInt(branches.size())), depth + 1);
            }
        };
    }

    private Object record(Schema schema, int depth) {
        GenericData.Record record = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            record.put(field.pos(), of(field.schema(), depth + 1));
        }
        return record;
    }

    private int length(int depth) {
        return depth > 4 ? 0 : random.nextInt(4);
    }

    private Long number(int bits) {
        return random.nextLong() >> 64 - 1 - random.nextInt(bits);
    }

    private ByteBuffer bytes(Schema schema) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return ByteBuffer.wrap(unscaled(decimal.getPrecision()));
        }
        if (schema.getLogicalType() instanceof LogicalTypes.BigDecimal) {
            byte[] unscaled = unscaled(20);
            return ByteBuffer.allocate(unscaled.length + 2)
                    .put((byte) (unscaled.length << 1))
                    .put(unscaled)
                    .put((byte) (random.nextInt(20) << 1))
                    .flip();
        }
        byte[] bytes = new byte[random.nextInt(12)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private byte[] unscaled(int digits) {
        return new BigInteger(random.nextInt(digits * 3 + 1), random).toByteArray();
    }

    private byte[] fixed(Schema schema) {
        byte[] bytes = new byte[schema.getFixedSize()];
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            byte[] unscaled = unscaled(decimal.getPrecision());
            System.arraycopy(unscaled, 0, bytes, bytes.length - unscaled.length, unscaled.length);
        } else {
            random.nextBytes(bytes);
        }
        return bytes;
    }
}
