package dev.leat.schema;

import dev.leat.schema.contract.ContractException;
import dev.leat.schema.contract.SchemaChanges;
import dev.leat.schema.contract.SchemaHistory;
import dev.leat.schema.registry.SchemaId;
import dev.leat.schema.registry.SchemaRegistry;
import dev.leat.schema.registry.Subject;
import dev.leat.schema.topic.StreamContract;
import dev.leat.schema.types.Column;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/** The versions that the registry has of a stream's values, each with what it changed. */
record Versions(SchemaRegistry registry, StreamContract source) {

    /** Blocks on the registry. */
    SchemaHistory history(String name) {
        Optional<Subject> subject = registry.subject(name);
        List<SchemaHistory.Version> versions = new ArrayList<>();
        Set<String> columns = new HashSet<>();
        Schema before = null;
        for (Subject.Version version : subject.map(Subject::versions).orElse(List.of())) {
            try {
                Optional<Schema> schema = registry.schema(SchemaId.content(version.contentId()));
                versions.add(
                        schema.isPresent()
                                ? version(version, before, schema.get(), columns)
                                : unreadable(version, "the registry doesn't give its text"));
                before = schema.orElse(before);
            } catch (ContractException noAvro) {
                versions.add(unreadable(version, noAvro.getMessage()));
            }
        }
        return new SchemaHistory(
                source.stream().name(),
                name,
                subject.flatMap(Subject::compatibility).orElse(null),
                versions);
    }

    private static SchemaHistory.Version unreadable(Subject.Version version, String problem) {
        return new SchemaHistory.Version(
                version.number(),
                version.contentId(),
                version.createdAt(),
                version.state(),
                null,
                List.of(),
                List.of(),
                problem);
    }

    /** @param columns of all versions before; those that come with this one are added */
    private SchemaHistory.Version version(Subject.Version version, Schema before, Schema schema, Set<String> columns) {
        List<String> changes = before == null ? List.of() : SchemaChanges.between(before, schema);
        List<String> added = List.of();
        String problem = null;
        try {
            Optional<Schema> own = source.own(schema);
            if (own.isEmpty()) {
                problem = source.isOfEnvelope() ? null : "its values don't belong to this stream";
            } else {
                added = source.columns(own.get()).stream()
                        .map(Column::name)
                        .filter(columns::add)
                        .toList();
                problem = source.misfit(own.get()).orElse(null);
            }
        } catch (ContractException e) {
            problem = e.getMessage();
        }
        return new SchemaHistory.Version(
                version.number(),
                version.contentId(),
                version.createdAt(),
                version.state(),
                schema.getFullName(),
                changes,
                added,
                problem);
    }
}
