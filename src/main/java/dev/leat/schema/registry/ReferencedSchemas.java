package dev.leat.schema.registry;

import dev.leat.schema.contract.ContractException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.Schema;

/**
 * Parses texts that have only the names of types whose texts are artifacts of their own. One parser learns these first, the
 * innermost before others. Not thread-safe; for one text.
 */
final class ReferencedSchemas {

    /** Avro's parser looks for each type into all types that it leads to: a chain of 10,000 takes seconds. */
    private static final int MOST_CHARACTERS = 1 << 20;

    private final Function<Reference, Optional<Text>> texts;
    private final Schema.Parser parser = new Schema.Parser();
    private final Set<Artifact> parsed = new HashSet<>();
    private final Set<Artifact> around = new HashSet<>();
    private long characters;

    /** @param texts those of artifacts; empty where the registry has no such one */
    ReferencedSchemas(Function<Reference, Optional<Text>> texts) {
        this.texts = texts;
    }

    record Text(String content, List<Reference> references) {}

    /** @param version a version or an expression for one */
    record Artifact(String group, String id, String version) {
        @Override
        public String toString() {
            return group + "/" + id + " version " + version;
        }
    }

    /** @param name Confluent's and Apicurio's own clients give the type's full name, others any */
    record Reference(String name, Artifact artifact) {}

    /** @throws ContractException when it, or what it refers to, is no Avro schema */
    Schema parse(Text text) {
        characters += text.content().length();
        if (characters > MOST_CHARACTERS) {
            throw new ContractException("the schema has more than " + MOST_CHARACTERS
                    + " characters, with those that it refers to, and no longer one is read");
        }
        text.references().forEach(this::learn);
        try {
            return parser.parse(text.content());
        } catch (RuntimeException | StackOverflowError e) {
            // A subject of the group may have JSON Schema or Protobuf; Avro's parser fails on some with any exception.
            throw new ContractException("the registry gave a text that is no Avro schema: " + e.getMessage());
        }
    }

    /** Of two versions of one type the first counts, as for producers' clients. */
    private void learn(Reference reference) {
        Artifact artifact = reference.artifact();
        if (parsed.contains(artifact) || parser.getTypes().containsKey(reference.name())) {
            return;
        }
        if (!around.add(artifact)) {
            throw new ContractException("the registry's schemas refer to each other in a circle, by " + artifact);
        }
        parse(texts.apply(reference)
                .orElseThrow(() -> new ContractException(
                        "the schema refers to " + artifact + ", which the registry doesn't have")));
        around.remove(artifact);
        parsed.add(artifact);
    }
}
