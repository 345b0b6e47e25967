package dev.leat.schema.decode;

import dev.leat.pipeline.Stream.Nested;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroTypes;
import dev.leat.schema.types.table.KeyValues;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Keys in Avro: a record with fields of the key's names, or one value for a key of one column; either may be a branch of a
 * union. Not thread-safe; belongs to one lane's decoder.
 */
final class AvroKeys {

    /** Schemas come from the registry's cache: one object a version. */
    private final Map<Schema, Plan> plans = new IdentityHashMap<>();

    /**
     * How keys of one schema are read.
     *
     * @param shape what they have, in their own types
     */
    private record Plan(Shape shape, ReadStep step) {}

    /**
     * Appends the key at the cursor to the key's columns.
     *
     * @throws ContractException when it isn't a key of these columns
     */
    void append(AvroCursor in, Schema written, List<String> columns, Rows rows) {
        Schema schema = written;
        while (schema.getType() == Schema.Type.UNION) {
            schema = in.readBranch(schema);
        }
        if (schema.getType() == Schema.Type.NULL) {
            throw new ContractException("it is null");
        }
        boolean isRecord = schema.getType() == Schema.Type.RECORD;
        if (!isRecord && columns.size() != 1) {
            throw new ContractException("it is one value, but the key has " + columns.size() + " columns");
        }
        Nested nested = rows.stream().decoding().nested();
        Plan plan = plans.computeIfAbsent(schema, s -> plan(s, nested));
        Vector[] scratch = plan.shape().columns().stream()
                .map(c -> new Vector(c.type(), 1))
                .toArray(Vector[]::new);
        plan.step().read(in, scratch);
        in.requireEnd();
        for (String column : columns) {
            int from = isRecord ? plan.shape().indexOf(column) : 0;
            if (from < 0 || scratch[from].isNull(0)) {
                throw new ContractException(schema.getFullName() + " has no value for " + column);
            }
            copy(scratch[from], column, rows.vector(column));
        }
    }

    private static Plan plan(Schema schema, Nested nested) {
        if (schema.getType() == Schema.Type.RECORD) {
            RecordFields fields = RecordFields.of(schema, nested);
            Shape shape = new Shape(fields.columns());
            return new Plan(shape, fields.steps(shape));
        }
        ColumnType type = AvroTypes.columnType(schema);
        Shape shape = new Shape(List.of(new Column("key", type, true, "")));
        return new Plan(shape, ReadStep.of(schema, type, shape, 0, null));
    }

    private static void copy(Vector from, String column, Vector to) {
        if (!from.areWellFormed(0, 1)) {
            throw new ContractException("the text for " + column + " isn't UTF-8");
        }
        try {
            to.appendValue(KeyValues.converted(from.valueAt(0), from.type(), to.type()));
        } catch (ContractException e) {
            throw new ContractException("for column " + column + " " + e.getMessage());
        }
    }
}
