package dev.leat.lake.parquet;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** As parquet-avro's own builder, but with a logical type for nanoseconds, which that one writes as plain numbers. */
public final class ParquetBuilder extends ParquetWriter.Builder<RowRecord, ParquetBuilder> {

    private static final GenericData MODEL = new GenericData();

    private final FileColumns columns;

    ParquetBuilder(OutputFile file, FileColumns columns) {
        super(file);
        this.columns = columns;
    }

    @Override
    protected ParquetBuilder self() {
        return this;
    }

    @Override
    protected WriteSupport<RowRecord> getWriteSupport(Configuration hadoop) {
        throw new UnsupportedOperationException("Hadoop is on no class path");
    }

    @Override
    protected WriteSupport<RowRecord> getWriteSupport(ParquetConfiguration configuration) {
        return support(columns);
    }

    static AvroWriteSupport<RowRecord> support(FileColumns columns) {
        return new AvroWriteSupport<>(parquet(columns.schema()), columns.schema(), MODEL);
    }

    /** The older structure, which is parquet-avro's default, has no lists with nulls in them. */
    public static ParquetConfiguration configuration() {
        ParquetConfiguration configuration = new PlainParquetConfiguration();
        configuration.setBoolean(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, false);
        return configuration;
    }

    /** The file's schema. */
    static MessageType parquet(Schema record) {
        MessageType message = new AvroSchemaConverter(configuration()).convert(record);
        return new MessageType(message.getName(), fields(message, record));
    }

    private static List<Type> fields(GroupType group, Schema record) {
        List<Type> fields = new ArrayList<>();
        for (Schema.Field field : record.getFields()) {
            fields.add(annotated(group.getType(field.name()), field.schema()));
        }
        return fields;
    }

    private static Type annotated(Type type, Schema schema) {
        return switch (schema.getType()) {
            // Of null, which comes first, and another type.
            case UNION -> annotated(type, schema.getTypes().getLast());
            case RECORD -> type.asGroupType().withNewFields(fields(type.asGroupType(), schema));
            case ARRAY -> inner(type.asGroupType(), 0, schema.getElementType());
            case MAP -> inner(type.asGroupType(), 1, schema.getValueType());
            case LONG ->
                switch (schema.getLogicalType()) {
                    case LogicalTypes.TimestampNanos nanos -> nanos(type);
                    case LogicalTypes.LocalTimestampNanos nanos -> nanos(type);
                    case null, default -> type;
                };
            default -> type;
        };
    }

    /** A list or a map is a group of one repeated group, which has the element or the value at this place. */
    private static Type inner(GroupType outer, int place, Schema schema) {
        GroupType repeated = outer.getType(0).asGroupType();
        List<Type> fields = new ArrayList<>(repeated.getFields());
        fields.set(place, annotated(fields.get(place), schema));
        return outer.withNewFields(repeated.withNewFields(fields));
    }

    /** Instants too are times of UTC here, not adjusted ones: DuckDB reads those to the microsecond only. */
    private static Type nanos(Type type) {
        return Types.primitive(PrimitiveTypeName.INT64, type.getRepetition())
                .as(LogicalTypeAnnotation.timestampType(false, LogicalTypeAnnotation.TimeUnit.NANOS))
                .named(type.getName());
    }
}
