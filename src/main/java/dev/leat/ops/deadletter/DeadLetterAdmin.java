package dev.leat.ops.deadletter;

import dev.leat.lake.Lake;
import dev.leat.pipeline.PipelineConfig;
import dev.leat.schema.Contracts;
import dev.leat.view.redrive.DeadLetterFilter;
import dev.leat.view.redrive.Redrive;
import dev.leat.view.redrive.RedriveOutcome;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Redrives and evicts dead letters, in views and lake alike. Works in every process, whatever its roles. Blocks.
 */
@ApplicationScoped
public class DeadLetterAdmin {

    private final Redrive redrive;
    private final Lake lake;
    private final Contracts contracts;
    private final Set<PipelineConfig.Role> roles;
    private final AtomicBoolean contractsSettled = new AtomicBoolean();

    DeadLetterAdmin(Redrive redrive, Lake lake, Contracts contracts, PipelineConfig config) {
        this.redrive = redrive;
        this.lake = lake;
        this.contracts = contracts;
        this.roles = config.roles();
    }

    /** @throws dev.leat.schema.registry.RegistryOutage when the registry is needed and doesn't answer */
    public RedriveOutcome redrive(DeadLetterFilter filter) {
        settleContracts();
        return redrive.redrive(filter, lake::appendInTransaction);
    }

    /** @throws dev.leat.schema.registry.RegistryOutage when the registry is needed for the parked events and doesn't answer */
    public RedriveOutcome evict(DeadLetterFilter filter) {
        settleContracts();
        return redrive.evict(filter, lake::appendInTransaction);
    }

    /** A process that ingests has settled them at its start. */
    private void settleContracts() {
        if (!roles.contains(PipelineConfig.Role.INGEST) && !contractsSettled.get()) {
            contracts.settle();
            contractsSettled.set(true);
        }
    }
}
