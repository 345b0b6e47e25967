package dev.leat.schema.registry;

import dev.leat.pipeline.Stream.Compatibility;
import dev.leat.pipeline.Stream.Ids;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** A registry in memory that counts its calls and can be away. */
public final class FakeRegistry implements SchemaRegistry {

    public final Map<Long, Schema> byId = new HashMap<>();
    final Map<Long, Schema> byGlobalId = new HashMap<>();
    public final Map<String, Schema> bySubject = new HashMap<>();
    public boolean away;
    public int calls;

    @Override
    public Optional<Schema> schema(SchemaId id) {
        calls++;
        if (away) {
            throw new RegistryOutage("away", null);
        }
        return Optional.ofNullable((id.kind() == Ids.Kind.GLOBAL ? byGlobalId : byId).get(id.value()));
    }

    @Override
    public Optional<Schema> latest(String subject) {
        return Optional.ofNullable(bySubject.get(subject));
    }

    @Override
    public long register(String subject, String avsc, Compatibility rule) {
        bySubject.put(subject, new Schema.Parser().parse(avsc));
        return bySubject.size();
    }

    @Override
    public Optional<Subject> subject(String subject) {
        return Optional.empty();
    }

    @Override
    public void check(String subject, String avsc) {}
}
