package dev.leat.schema;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.PipelineFiles;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.names.NameStore;
import dev.leat.schema.registry.RegistryAt;
import dev.leat.schema.registry.RegistryOutage;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * Holds the contracts of a pipeline against a registry, for a build: {@code check} asks whether it would take them,
 * {@code register} gives them to it with their rules, as the application does at its start. Ends with 1 when one is
 * refused, so that a pull request can fail; {@code pom.xml} runs it.
 */
public final class ContractGate {

    private ContractGate() {}

    /** Arguments: {@code check} or {@code register}, the pipeline's location, the registry's URL. */
    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx();
        boolean passes = false;
        try {
            Pipeline pipeline = PipelineFiles.read(arguments[1]);
            Contracts contracts = new Contracts(
                    pipeline, new RegistryAt(arguments[2]), vertx, stream -> List.of(), NameStore.inMemory());
            passes = switch (arguments[0]) {
                case "check" -> check(contracts.check());
                case "register" -> register(contracts);
                default -> throw new IllegalArgumentException("neither check nor register: " + arguments[0]);
            };
        } catch (PipelineException | ContractException | RegistryOutage e) {
            System.err.println(e.getMessage());
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
        System.exit(passes ? 0 : 1);
    }

    private static boolean check(List<ContractCheck.Checked> contracts) {
        for (ContractCheck.Checked contract : contracts) {
            System.out.println((contract.refusal().isEmpty() ? "fits     " : "REFUSED  ") + contract.subject() + "  "
                    + contract.path());
            contract.changes().forEach(change -> System.out.println("           " + change));
            contract.refusal().ifPresent(reason -> System.out.println("         " + reason));
        }
        return contracts.stream().allMatch(contract -> contract.refusal().isEmpty());
    }

    private static boolean register(Contracts contracts) {
        contracts.settle();
        System.out.println("registered");
        return true;
    }
}
