package dev.leat.schema.types.avro;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** The branches of a union that is written. */
public final class AvroUnions {

    private AvroUnions() {}

    /** @throws AvroCursor.Malformed when the schema has no null */
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

    /** The number of the branch that is null; -1 for none. */
    public static int nullBranch(Schema schema) {
        if (schema.getType() == Schema.Type.NULL) {
            return 0;
        }
        return schema.getType() == Schema.Type.UNION
                ? schema.getTypes().stream().map(Schema::getType).toList().indexOf(Schema.Type.NULL)
                : -1;
    }

    /** @throws AvroCursor.Malformed when the union has no branch of this full name */
    public static Schema branchNamed(String name, Schema union) {
        return union.getTypes().stream()
                .filter(b -> b.getFullName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AvroCursor.Malformed("the class has no branch " + name));
    }
}
