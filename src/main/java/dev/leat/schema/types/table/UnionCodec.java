package dev.leat.schema.types.table;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Branch;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroUnions;
import dev.leat.schema.types.codec.StoredAs;
import dev.leat.schema.types.codec.ValueCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;

/**
 * A value of one of several types, with its type's name: {@code {"type": value}} in JSON, and in a file a struct of which
 * only the branch's member has a value.
 */
final class UnionCodec extends JsonbCodec {

    private final Map<String, ValueCodec> branches;

    /** @param branches by their names, in the order of the type's members */
    UnionCodec(ColumnType type, Map<String, ValueCodec> branches) {
        super(type);
        this.branches = branches;
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        Schema branch = in.readBranch(schema);
        if (branch.getType() == Schema.Type.NULL) {
            return null;
        }
        return new Branch(
                branch.getFullName(), branches.get(branch.getFullName()).read(in, branch));
    }

    @Override
    protected Object widen(Object value, ValueCodec from) {
        Branch branch = (Branch) value;
        ValueCodec narrower = ((UnionCodec) from).branches.get(branch.name());
        return new Branch(branch.name(), branches.get(branch.name()).widened(branch.value(), narrower));
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        Branch branch = (Branch) value;
        Schema written = AvroUnions.branchNamed(branch.name(), schema);
        out.writeIndex(schema.getTypes().indexOf(written));
        branches.get(branch.name()).write(branch.value(), written, out);
    }

    /** One nullable member a branch; those of unnamed types are called as these, others by their name without dots. */
    @Override
    protected Schema stored(String name) {
        List<Schema.Field> fields = new ArrayList<>();
        branches.forEach((branch, codec) ->
                fields.add(new Schema.Field(member(branch), codec.parquet(name), null, JsonProperties.NULL_VALUE)));
        return Schema.createRecord("union_" + name, null, "leat", false, fields);
    }

    private static String member(String branch) {
        return branch.replace('.', '_');
    }

    @Override
    public StoredAs storedAs() {
        return StoredAs.CONVERTED;
    }

    @Override
    public Object toStored(Object value, Schema schema) {
        Branch branch = (Branch) value;
        GenericData.Record members = new GenericData.Record(present(schema));
        int i = 0;
        for (Map.Entry<String, ValueCodec> member : branches.entrySet()) {
            if (member.getKey().equals(branch.name())) {
                members.put(i, branch.value() == null ? null : member.getValue().toStored(branch.value(), null));
            }
            i++;
        }
        return members;
    }

    @Override
    public Object ofStored(Object value, Schema schema) {
        IndexedRecord struct = (IndexedRecord) value;
        for (Schema.Field field : schema.getFields()) {
            Object member = struct.get(field.pos());
            if (member != null) {
                Map.Entry<String, ValueCodec> branch = branches.entrySet().stream()
                        .filter(b -> member(b.getKey()).equals(field.name()))
                        .findFirst()
                        .orElseThrow();
                return new Branch(branch.getKey(), branch.getValue().ofStored(member, present(field.schema())));
            }
        }
        return null;
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        Branch branch = (Branch) value;
        json.writeStartObject();
        json.writeFieldName(branch.name());
        branches.get(branch.name()).writeJsonOrNull(branch.value(), json);
        json.writeEndObject();
    }
}
