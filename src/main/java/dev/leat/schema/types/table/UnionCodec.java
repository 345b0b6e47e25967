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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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

    /** What each branch is called in a file. */
    private final Map<String, String> members;

    /** @param branches by their names, in the order of the type's members */
    UnionCodec(ColumnType type, Map<String, ValueCodec> branches) {
        super(type);
        this.branches = branches;
        this.members = members(branches.keySet());
    }

    /**
     * An unnamed type is called as it is, another one by its name without dots. Where that is taken, in whatever case, it
     * gets a number: in the order of the branches, which only ever get more, so that all files have the same names.
     */
    private static Map<String, String> members(Set<String> branches) {
        Map<String, String> members = new HashMap<>();
        Set<String> taken = new HashSet<>();
        for (String branch : branches) {
            String plain = branch.replace('.', '_');
            String member = plain;
            for (int number = 2; !taken.add(member.toLowerCase(Locale.ROOT)); number++) {
                member = plain + "_" + number;
            }
            members.put(branch, member);
        }
        return members;
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return read(in, schema, null);
    }

    Object read(AvroCursor in, Schema schema, JsonDefaults lacking) {
        Schema branch = in.readBranch(schema);
        if (branch.getType() == Schema.Type.NULL) {
            return null;
        }
        String name = branch.getFullName();
        return new Branch(
                name,
                lacking != null && branches.get(name) instanceof JsonCodec json
                        ? json.read(in, branch, lacking.of(name))
                        : branches.get(name).read(in, branch));
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

    /** One nullable member a branch. */
    @Override
    protected Schema stored(String name) {
        List<Schema.Field> fields = new ArrayList<>();
        branches.forEach((branch, codec) -> fields.add(
                new Schema.Field(members.get(branch), codec.parquet(name), null, JsonProperties.NULL_VALUE)));
        return Schema.createRecord("union_" + name, null, "leat", false, fields);
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
                        .filter(b -> members.get(b.getKey()).equals(field.name()))
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
