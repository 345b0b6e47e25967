package dev.leat.schema.emit;

import dev.leat.pipeline.Stream.Compatibility;
import dev.leat.schema.contract.Contract;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.contract.SchemaChanges;
import dev.leat.schema.registry.ApicurioSchemaRegistry;
import dev.leat.schema.registry.RefusedVersion;
import dev.leat.schema.registry.RegistryConfig;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.schema.registry.SchemaRegistry;
import dev.leat.schema.registry.Subject;
import dev.leat.schema.types.Column;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.avro.Schema;

/**
 * The contracts of what views emit: derived from their columns, or declared, and registered under {@code <topic>-value} before
 * the first value is written. Blocks on the registry; never call it on an event loop.
 */
@ApplicationScoped
public class EmittedContracts {

    private final SchemaRegistry registry;

    @Inject
    EmittedContracts(RegistryConfig config, Vertx vertx) {
        this(new ApicurioSchemaRegistry(config, vertx));
    }

    EmittedContracts(SchemaRegistry registry) {
        this.registry = registry;
    }

    /**
     * Registers the contract that the columns imply, under the rule that the subject has; a new subject gets {@code BACKWARD}.
     * A further call with another column registers the next version.
     *
     * @param doc says where the events come from
     * @throws RegistryOutage when the registry doesn't answer; the call may be made again
     * @throws ContractException when the columns can't be written as a record, or the registry refuses it
     */
    public EmittedContract derive(String view, String topic, String doc, List<Column> columns) {
        String subject = topic + "-value";
        Schema schema = EmittedSchema.derived(
                view, doc, columns, registry.latest(subject).orElse(null));
        return register(
                view,
                subject,
                schema,
                schema.toString(),
                IntStream.range(0, columns.size()).boxed().toList(),
                "what follows from its columns");
    }

    /**
     * Registers a contract that the pipeline brings, under the same rules.
     *
     * @param contract file or class path resource
     * @param keys names of columns that needn't have a field
     * @throws RegistryOutage when the registry doesn't answer; the call may be made again
     * @throws ContractException when the columns don't fill the contract, or the registry refuses it
     */
    public EmittedContract declare(String view, String topic, String contract, List<Column> columns, Set<String> keys) {
        String subject = topic + "-value";
        Contract read = Contract.read("views." + view + ".to-topic.contract", "to-topic.contract", contract, subject);
        List<Integer> matched =
                EmittedSchema.match("views." + view + ".to-topic.contract: " + contract, read.schema(), columns, keys);
        return register(view, subject, read.schema(), read.avsc(), matched, contract);
    }

    private EmittedContract register(
            String view, String subject, Schema schema, String avsc, List<Integer> columns, String what) {
        Compatibility rule = rule(subject);
        try {
            return new EmittedContract(
                    Math.toIntExact(registry.register(subject, avsc, rule)), schema, List.copyOf(columns));
        } catch (RefusedVersion refusal) {
            List<String> changes = registry.latest(subject)
                    .map(latest -> SchemaChanges.between(latest, schema))
                    .orElse(List.of());
            throw new ContractException("views." + view + ".to-topic: the registry refuses " + what
                    + " as the next version of subject " + subject + " under rule " + rule + ": " + refusal.reason()
                    + (changes.isEmpty() ? "" : "; against the newest version, " + String.join("; ", changes))
                    + "; change the SELECT so that it fits the rule, or write to another topic");
        }
    }

    private Compatibility rule(String subject) {
        Optional<String> known = registry.subject(subject).flatMap(Subject::compatibility);
        return known.map(Compatibility::valueOf).orElse(Compatibility.BACKWARD);
    }
}
