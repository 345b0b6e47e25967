package dev.leat.schema;

import dev.leat.pipeline.Stream;
import dev.leat.schema.contract.Contract;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.contract.SchemaChanges;
import dev.leat.schema.registry.CachingSchemaRegistry;
import dev.leat.schema.registry.RefusedVersion;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.schema.topic.ContractHistory;
import dev.leat.schema.topic.StreamContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The dry run of a registration: what would become of a contract that the pipeline brings. Changes nothing in the registry.
 * Blocks on it.
 */
final class ContractCheck {

    private final CachingSchemaRegistry registry;

    ContractCheck(CachingSchemaRegistry registry) {
        this.registry = registry;
    }

    /**
     * The outcome for one contract.
     *
     * @param changes against the newest version of the subject, in words; empty also where there is none
     * @param refusal the registry's reason, or why the stream's views couldn't hold its events; empty when neither
     */
    record Checked(String stream, String path, String subject, List<String> changes, Optional<String> refusal) {}

    /**
     * Asks whether the registry would take a stream's contracts under their subjects' present rules, and whether columns of
     * the newest version can hold their values.
     *
     * @param source learns the versions that the registry has
     * @param alone the same stream, with none of them
     * @throws RegistryOutage when the registry doesn't answer
     * @throws ContractException when the contract isn't fit for the stream, whatever was there before
     */
    List<Checked> check(StreamContract source, StreamContract alone) {
        List<Checked> checked = new ArrayList<>();
        Stream stream = source.stream();
        Contract.value(stream).ifPresent(contract -> {
            requireRecord(alone, contract);
            ContractHistory.ofRegistry(registry).learn(source);
            Optional<String> refusal = refusal(contract);
            checked.add(checked(
                    stream,
                    contract,
                    refusal.isPresent()
                            ? refusal
                            : misfit(source, contract).map(unfit -> "its events would become dead letters: " + unfit)));
        });
        Contract.key(stream).ifPresent(contract -> checked.add(checked(stream, contract, refusal(contract))));
        return checked;
    }

    private Checked checked(Stream stream, Contract contract, Optional<String> refusal) {
        return new Checked(stream.name(), contract.path(), contract.subject(), changes(contract), refusal);
    }

    private Optional<String> refusal(Contract contract) {
        try {
            registry.check(contract.subject(), contract.avsc());
            return Optional.empty();
        } catch (RefusedVersion refusal) {
            return Optional.of(refusal.reason());
        }
    }

    /** Against the newest version of the subject, in words; empty also where there is none. */
    List<String> changes(Contract contract) {
        return registry.latest(contract.subject())
                .map(latest -> SchemaChanges.between(latest, contract.schema()))
                .orElse(List.of());
    }

    /**
     * Whether the contract is fit by itself, without the columns of older versions.
     *
     * @param alone knows no version yet
     * @throws ContractException when it isn't
     */
    static void requireRecord(StreamContract alone, Contract contract) {
        alone.learnSubject(contract.schema());
        if (alone.own(contract.schema()).isEmpty() && !alone.isOfEnvelope()) {
            throw new ContractException(alone.stream().at("contract") + ": " + contract.path() + " has no record type "
                    + alone.type().orElse(""));
        }
    }

    /** Why the stream's columns can't hold its values. A view's column may refuse what a reader of Avro takes. */
    static Optional<String> misfit(StreamContract source, Contract contract) {
        try {
            source.own(contract.schema()).ifPresent(source::requireNext);
            return Optional.empty();
        } catch (ContractException misfit) {
            return Optional.of(misfit.getMessage());
        }
    }
}
