package dev.leat.lake.parquet;

import dev.leat.schema.types.Column;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.table.TypeTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The columns of a file: a shape's, all nullable, followed by each row's position. The schema is what
 * parquet-avro writes. Immutable.
 */
public record FileColumns(Shape shape, Schema schema) {

    /** Number of the columns after the shape's, in this order: partition, offset, timestamp, deleted. */
    public static final int OWN = 4;

    public static FileColumns of(String stream, Shape shape) {
        List<Schema.Field> fields = new ArrayList<>(shape.size() + OWN);
        for (Column column : shape.columns()) {
            fields.add(new Schema.Field(
                    column.name(),
                    TypeTable.of(column.type()).parquet(column.name()),
                    column.doc(),
                    JsonProperties.NULL_VALUE));
        }
        fields.add(new Schema.Field("_partition", Schema.create(Schema.Type.INT)));
        fields.add(new Schema.Field("_offset", Schema.create(Schema.Type.LONG)));
        fields.add(new Schema.Field(
                "_timestamp", LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG))));
        fields.add(new Schema.Field("_deleted", Schema.create(Schema.Type.BOOLEAN)));
        return new FileColumns(shape, Schema.createRecord(stream, null, "leat", false, fields));
    }

    /** Whether no column has nested values. */
    boolean areFlat() {
        return shape.columns().stream()
                .allMatch(column -> column.type().members().isEmpty());
    }

    public boolean cover(Shape other) {
        return other == shape
                || other.columns().stream()
                        .allMatch(column -> shape.has(column.name())
                                && shape.column(column.name()).type().holds(column.type()));
    }

    /** The union with another shape: common columns are widened, new ones are added. */
    public FileColumns with(String stream, Shape other) {
        List<Column> union = new ArrayList<>();
        for (Column column : shape.columns()) {
            union.add(other.has(column.name()) ? column.with(other.column(column.name())) : column);
        }
        other.columns().stream().filter(column -> !shape.has(column.name())).forEach(union::add);
        return of(stream, new Shape(union));
    }
}
