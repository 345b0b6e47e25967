package dev.leat.schema.registry;

import dev.leat.pipeline.Stream.Compatibility;
import dev.leat.schema.registry.ReferencedSchemas.Artifact;
import dev.leat.schema.registry.ReferencedSchemas.Reference;
import dev.leat.schema.registry.ReferencedSchemas.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * A registry in memory that keeps each subject's versions. As Apicurio it has one id for one text with its references, and may
 * have texts that are no Avro schema.
 */
public final class VersionedRegistry implements SchemaRegistry {

    private final List<Text> texts = new ArrayList<>();
    private final Map<String, List<Integer>> subjects = new LinkedHashMap<>();
    private final Map<Integer, Schema> parsed = new HashMap<>();

    @Override
    public synchronized Optional<Schema> schema(SchemaId id) {
        return id.value() < 1 || id.value() > texts.size() ? Optional.empty() : Optional.of(parse((int) id.value()));
    }

    private Schema parse(int id) {
        Schema known = parsed.get(id);
        if (known == null) {
            known = new ReferencedSchemas(this::referenced).parse(texts.get(id - 1));
            parsed.put(id, known);
        }
        return known;
    }

    private Optional<Text> referenced(Reference reference) {
        Artifact artifact = reference.artifact();
        int version = Integer.parseInt(artifact.version());
        List<Integer> versions = subjects.getOrDefault(artifact.id(), List.of());
        return version > versions.size() ? Optional.empty() : Optional.of(texts.get(versions.get(version - 1) - 1));
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
    public long register(String subject, String text, Compatibility rule) {
        return register(subject, text, List.of());
    }

    /** To the version of a subject that has this id. */
    synchronized Reference reference(String name, String subject, long id) {
        int version = subjects.get(subject).indexOf((int) id) + 1;
        return new Reference(name, new Artifact("default", subject, String.valueOf(version)));
    }

    /** @param references to the types that the text only names */
    synchronized long register(String subject, String content, List<Reference> references) {
        Text text = new Text(content, references);
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
