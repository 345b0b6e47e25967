package dev.leat.schema.decode;

import dev.leat.schema.names.Leaf;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroDefaults;
import dev.leat.schema.types.avro.AvroTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;

/** The defaults of a record and of the records in it, by the columns that they fill. */
public final class FieldDefaults {

    private final RecordFields fields;
    private final Shape shape;
    private final Map<String, Default> defaults = new LinkedHashMap<>();

    private FieldDefaults(RecordFields fields) {
        this.fields = fields;
        this.shape = new Shape(fields.columns());
    }

    /**
     * Values that a record has where its writer knew no such field, and the schemas of those whose values may lack some
     * themselves; nulls are left out.
     */
    public static Map<String, Default> of(RecordFields fields) {
        return new FieldDefaults(fields).all();
    }

    private Map<String, Default> all() {
        add(fields.schema(), "", new HashSet<>(), List.of());
        for (Leaf leaf : fields.leaves()) {
            ColumnType type = AvroTypes.columnType(leaf.schema());
            if (type.kind() == ColumnType.Kind.JSON || type.kind() == ColumnType.Kind.UNION) {
                String column = fields.columnOf(leaf.name());
                Default value = defaults.getOrDefault(column, new Default(type, null));
                defaults.put(column, value.composedAs(leaf.schema()));
            }
        }
        return defaults;
    }

    /**
     * @param within the names of the records around the record's fields
     * @param records the records in the record that they are in, outermost first
     */
    private void add(Schema record, String prefix, Set<String> within, List<Default.Within> records) {
        within.add(record.getFullName());
        for (Schema.Field field : record.getFields()) {
            String name = prefix + field.name();
            if (field.hasDefaultValue() && field.defaultVal() != JsonProperties.NULL_VALUE) {
                add(field, prefix, within, records);
            }
            Schema present = AvroTypes.presentOf(field.schema());
            if (fields.isFlattened(present, within)) {
                List<Default.Within> inner = new ArrayList<>(records);
                inner.add(new Default.Within(fields.columnsIn(present, name + "_", within), present != field.schema()));
                add(present, name + "_", within, inner);
            }
        }
        within.remove(record.getFullName());
    }

    private void add(Schema.Field field, String prefix, Set<String> within, List<Default.Within> records) {
        Vector[] values =
                shape.columns().stream().map(c -> new Vector(c.type())).toArray(Vector[]::new);
        try {
            AvroCursor in = new AvroCursor();
            in.reset(AvroDefaults.encoded(field), 0);
            fields.step(field, prefix, shape, new HashSet<>(within)).read(in, values);
        } catch (AvroRuntimeException | AvroCursor.Malformed | ClassCastException | IOException e) {
            return; // A default that is no value of its own type can't fill a column.
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i].size() > 0 && !values[i].isNull(0)) {
                Column column = shape.columns().get(i);
                Default outer = defaults.get(column.name());
                defaults.put(column.name(), new Default(column.type(), values[i].valueAt(0), records, outer, null));
            }
        }
    }
}
