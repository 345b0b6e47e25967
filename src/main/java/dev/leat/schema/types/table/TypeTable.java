package dev.leat.schema.types.table;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroTypes;
import dev.leat.schema.types.codec.BooleanCodec;
import dev.leat.schema.types.codec.BytesCodec;
import dev.leat.schema.types.codec.DecimalCodec;
import dev.leat.schema.types.codec.DoubleCodec;
import dev.leat.schema.types.codec.FloatCodec;
import dev.leat.schema.types.codec.IntCodec;
import dev.leat.schema.types.codec.LongCodec;
import dev.leat.schema.types.codec.StringCodec;
import dev.leat.schema.types.codec.UuidCodec;
import dev.leat.schema.types.codec.ValueCodec;
import dev.leat.schema.types.codec.time.DateCodec;
import dev.leat.schema.types.codec.time.DurationCodec;
import dev.leat.schema.types.codec.time.NanosCodec;
import dev.leat.schema.types.codec.time.TimeCodec;
import dev.leat.schema.types.codec.time.TimestampCodec;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;

/** The type table: the codec of each type. Asked once a column or once a run of rows. */
public final class TypeTable {

    /** The codecs of kinds whose types are all the same. */
    private static final Map<Kind, ValueCodec> UNIFORM = byKind(List.of(
            new BooleanCodec(),
            new IntCodec(),
            new LongCodec(),
            new FloatCodec(),
            new DoubleCodec(),
            new StringCodec(),
            new BytesCodec(),
            new DateCodec(),
            new TimeCodec(),
            TimestampCodec.instants(),
            TimestampCodec.withoutZone(),
            NanosCodec.instants(),
            NanosCodec.withoutZone(),
            new UuidCodec(),
            new DurationCodec(),
            new JsonCodec(TypeTable::of, TypeTable::ofStored)));

    private TypeTable() {}

    private static Map<Kind, ValueCodec> byKind(List<ValueCodec> codecs) {
        Map<Kind, ValueCodec> byKind = new EnumMap<>(Kind.class);
        codecs.forEach(codec -> byKind.put(codec.type().kind(), codec));
        return byKind;
    }

    public static ValueCodec of(ColumnType type) {
        return switch (type.kind()) {
            case DECIMAL -> new DecimalCodec(type);
            case ARRAY -> new ArrayCodec(type, of(type.element()));
            case MAP -> new MapCodec(type, of(type.element()));
            case UNION -> union(type);
            default -> UNIFORM.get(type.kind());
        };
    }

    /** The codec of a schema's own type. */
    public static ValueCodec of(Schema schema) {
        return of(AvroTypes.columnType(schema));
    }

    /** A value of one type as one of a type that holds it; null stays null. */
    public static Object widened(Object value, ColumnType from, ColumnType to) {
        return from.equals(to) ? value : of(to).widened(value, of(from));
    }

    /** A value of any schema as JSON, as deep as it goes. */
    public static String json(AvroCursor in, Schema schema) {
        return (String) of(ColumnType.of(Kind.JSON)).read(in, schema);
    }

    /**
     * How values of a writer's schema are read.
     *
     * @param newest the newest version of that schema, whose defaults the JSON of records gets; null where there is none
     */
    public static Function<AvroCursor, Object> reading(Schema writer, Schema newest) {
        ValueCodec codec = of(writer);
        JsonDefaults lacking = newest == null ? null : JsonDefaults.of(writer, newest, TypeTable::json);
        if (lacking != null && codec instanceof JsonCodec json) {
            return in -> json.read(in, writer, lacking);
        }
        if (lacking != null && codec instanceof UnionCodec union) {
            return in -> union.read(in, writer, lacking);
        }
        return in -> codec.read(in, writer);
    }

    private static ValueCodec union(ColumnType type) {
        Map<String, ValueCodec> branches = new LinkedHashMap<>();
        type.members().forEach(member -> branches.put(member.name(), of(member.type())));
        return new UnionCodec(type, branches);
    }

    /** The codec of the type that a file's column had when it was written, as far as the file says it. */
    static ValueCodec ofStored(Schema nullable) {
        return of(storedType(ValueCodec.present(nullable)));
    }

    private static ColumnType storedType(Schema stored) {
        return switch (stored.getType()) {
            case ARRAY -> ColumnType.arrayOf(storedType(ValueCodec.present(stored.getElementType())));
            case MAP -> ColumnType.mapOf(storedType(ValueCodec.present(stored.getValueType())));
            case RECORD ->
                ColumnType.union(stored.getFields().stream()
                        .map(field ->
                                new ColumnType.Member(field.name(), storedType(ValueCodec.present(field.schema()))))
                        .toList());
            default -> AvroTypes.columnType(stored);
        };
    }
}
