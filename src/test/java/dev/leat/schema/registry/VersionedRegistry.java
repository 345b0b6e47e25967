package dev.leat.schema.registry;

import dev.leat.pipeline.Stream.Compatibility;
import dev.leat.schema.contract.ContractException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * A registry in memory that keeps each subject's versions. As Apicurio it has one id for one text, and may have texts that are no
 * Avro schema.
 */
public final class VersionedRegistry implements SchemaRegistry {

    private final List<String> texts = new ArrayList<>();
    private final Map<String, List<Integer>> subjects = new LinkedHashMap<>();
    private final Map<Integer, Schema> parsed = new HashMap<>();

    @Override
    public synchronized Optional<Schema> schema(SchemaId id) {
        return id.value() < 1 || id.value() > texts.size() ? Optional.empty() : Optional.of(parse((int) id.value()));
    }

    private Schema parse(int id) {
        try {
            return parsed.computeIfAbsent(id, i -> new Schema.Parser().parse(texts.get(i - 1)));
        } catch (RuntimeException e) {
            throw new ContractException("the registry gave a text that is no Avro schema: " + e.getMessage());
        }
    }

    @Override
    public synchronized Optional<Schema> latest(String subject) {
        List<Integer> versions = subjects.getOrDefault(subject, List.of());
        return versions.isEmpty() ? Optional.empty() : Optional.of(parse(versions.getLast()));
    }

    @Override
    public synchronized Optional<Subject> subject(String subject) {
        if (!subjects.containsKey(subject)) {
            return Optional.empty();
        }
        List<Subject.Version> versions = new ArrayList<>();
        for (int id : subjects.get(subject)) {
            versions.add(new Subject.Version(String.valueOf(versions.size() + 1), id, Instant.EPOCH, "ENABLED"));
        }
        return Optional.of(new Subject(Optional.empty(), versions));
    }

    @Override
    public synchronized long register(String subject, String text, Compatibility rule) {
        int id = texts.indexOf(text) + 1;
        if (id == 0) {
            texts.add(text);
            id = texts.size();
        }
        List<Integer> versions = subjects.computeIfAbsent(subject, s -> new ArrayList<>());
        if (!versions.contains(id)) {
            versions.add(id);
        }
        return id;
    }

    @Override
    public void check(String subject, String avsc) {}
}
