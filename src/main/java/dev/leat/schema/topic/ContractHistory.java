package dev.leat.schema.topic;

import dev.leat.schema.contract.Contract;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.names.NameStore;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.schema.registry.SchemaId;
import dev.leat.schema.registry.SchemaRegistry;
import dev.leat.schema.registry.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.avro.Schema;
import org.jboss.logging.Logger;

/**
 * The versions of streams' contracts as the registry has them, and what was decided by them. A stream's columns follow from
 * these, whatever events a process has met and in which order. Blocks on the registry and on the store.
 *
 * @param dropped columns that were dropped from a table of the stream's views, by the stream's name
 */
public record ContractHistory(SchemaRegistry registry, NameStore store, ToIntFunction<String> dropped) {

    private static final Logger LOG = Logger.getLogger(ContractHistory.class);
    private static final String DRAFT = "DRAFT";

    /** With nothing kept, for those who only look. */
    public static ContractHistory ofRegistry(SchemaRegistry registry) {
        return new ContractHistory(registry, NameStore.inMemory(), stream -> 0);
    }

    /**
     * Learns all versions of the stream's subject.
     *
     * @return why the newest is unfit; empty when it isn't
     * @throws ContractException when no version has what the stream's declaration names, or none is fit
     * @throws RegistryOutage when the registry doesn't answer
     */
    public Optional<String> learn(StreamContract source) {
        List<Schema> versions = versions(source);
        decide(source, versions);
        return source.learnAll(versions);
    }

    /**
     * The same on the occasion of a version that a record names: it may be none of the subject's.
     *
     * @throws RegistryOutage when the registry doesn't answer
     */
    void learn(StreamContract source, Schema writer) {
        List<Schema> versions = versions(source);
        List<Schema> all = new ArrayList<>(versions);
        if (writer.getType() == Schema.Type.RECORD && !isAmong(versions, writer)) {
            all.add(writer);
        }
        decide(source, all);
        try {
            source.learnAll(versions);
        } catch (ContractException unfit) {
            LOG.debugf("not learnt stream=%s error=%s", source.stream().name(), unfit.getMessage());
        }
    }

    /** Schemas that differ in aliases alone are equal. */
    private static boolean isAmong(List<Schema> versions, Schema writer) {
        return versions.stream()
                .anyMatch(version -> version == writer
                        || version.equals(writer) && version.toString().equals(writer.toString()));
    }

    /** Learns which other names the stream's record type has had, or has by now. */
    void connectTypes(StreamContract source) {
        source.connectTypes(all(subject(source)));
    }

    private void decide(StreamContract source, List<Schema> versions) {
        String stream = source.stream().name();
        source.dropped(dropped.applyAsInt(stream));
        source.decided(store.decide(stream, before -> source.decide(before, versions)));
    }

    /** The stream's own record of each version, oldest first. */
    private List<Schema> versions(StreamContract source) {
        String name = subject(source);
        List<Schema> all = all(name);
        source.connectTypes(all);
        List<Schema> own = new ArrayList<>();
        for (Schema version : all) {
            try {
                source.own(version)
                        .filter(record -> record.getType() == Schema.Type.RECORD)
                        .ifPresent(own::add);
            } catch (ContractException unfit) {
                if (version == all.getLast()) {
                    throw unfit;
                }
                LOG.debugf("a version is unfit subject=%s error=%s", name, unfit.getMessage());
            }
        }
        return own;
    }

    private static String subject(StreamContract source) {
        return Contract.subjectOf(source.stream(), source.type());
    }

    private List<Schema> all(String subject) {
        List<Schema> all = registry.subject(subject).map(Subject::versions).orElse(List.of()).stream()
                .filter(version -> !DRAFT.equals(version.state()))
                .flatMap(version -> schema(subject, version).stream())
                .toList();
        return all.isEmpty() ? registry.latest(subject).map(List::of).orElse(List.of()) : all;
    }

    private Optional<Schema> schema(String subject, Subject.Version version) {
        try {
            return registry.schema(SchemaId.content(version.contentId()));
        } catch (ContractException unreadable) {
            LOG.debugf(
                    "a version can't be read subject=%s version=%s error=%s",
                    subject, version.number(), unreadable.getMessage());
            return Optional.empty();
        }
    }
}
