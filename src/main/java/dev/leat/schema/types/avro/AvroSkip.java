package dev.leat.schema.types.avro;

import java.util.List;
import org.apache.avro.Schema;

/** Skips values that no column takes. They cost as much as if they were read, so that both have the same verdict. */
public final class AvroSkip {

    private AvroSkip() {}

    public static void skip(AvroCursor in, Schema schema) {
        switch (schema.getType()) {
            case NULL -> {}
            case BOOLEAN -> in.readBoolean();
            case INT -> in.readInt();
            case LONG -> in.readLong();
            case ENUM -> in.readSymbol(schema);
            case FLOAT -> in.skip(Float.BYTES);
            case DOUBLE -> in.skip(Double.BYTES);
            case STRING, BYTES -> in.skip(in.readLength());
            case FIXED -> in.skip(schema.getFixedSize());
            case RECORD -> skipFields(in, schema.getFields());
            case UNION -> skipBranch(in, schema);
            case ARRAY -> skipItems(in, schema.getElementType(), false);
            case MAP -> skipItems(in, schema.getValueType(), true);
        }
    }

    private static void skipFields(AvroCursor in, List<Schema.Field> fields) {
        in.spending().values(fields.size());
        in.spending().enter();
        for (Schema.Field field : fields) {
            skip(in, field.schema());
        }
        in.spending().leave();
    }

    private static void skipBranch(AvroCursor in, Schema union) {
        Schema branch = in.readBranch(union);
        if (branch.getType() == Schema.Type.NULL || AvroTypes.optionalOf(union) != null) {
            skip(in, branch);
            return;
        }
        in.spending().enter();
        skip(in, branch);
        in.spending().leave();
    }

    private static void skipItems(AvroCursor in, Schema item, boolean keyed) {
        in.spending().enter();
        for (long count = in.readItems(); count != 0; count = in.readItems()) {
            if (in.blockEnd() >= 0) {
                in.seek(in.blockEnd());
                continue;
            }
            for (long i = 0; i < count; i++) {
                if (keyed) {
                    in.skip(in.readLength());
                }
                skip(in, item);
            }
        }
        in.spending().leave();
    }
}
