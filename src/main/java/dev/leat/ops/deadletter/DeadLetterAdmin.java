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
 * Tries dead letters again or gives them up, views and lake alike. Works in every process, also one that takes no events
 * in. Blocks.
 */
@ApplicationScoped
public class DeadLetterAdmin {

    private final Redrive redrive;
    private final Lake lake;
    private final Contracts contracts;
    private final Set<PipelineConfig.Role> roles;
    private final AtomicBoolean knowsContracts = new AtomicBoolean();

    DeadLetterAdmin(Redrive redrive, Lake lake, Contracts contracts, PipelineConfig config) {
        this.redrive = redrive;
        this.lake = lake;
        this.contracts = contracts;
        this.roles = config.roles();
    }

    /** @throws dev.leat.schema.registry.RegistryOutage when the registry is needed and doesn't answer */
    public RedriveOutcome redrive(DeadLetterFilter filter) {
        learnContracts();
        return redrive.redrive(filter, lake::appendInTransaction);
    }

    /** @throws dev.leat.schema.registry.RegistryOutage when the registry is needed for what waited, and doesn't answer */
    public RedriveOutcome evict(DeadLetterFilter filter) {
        learnContracts();
        return redrive.evict(filter, lake::appendInTransaction);
    }

    /** A process that ingests has learnt them at its start. */
    private void learnContracts() {
        if (!roles.contains(PipelineConfig.Role.INGEST) && !knowsContracts.get()) {
            contracts.settle();
            knowsContracts.set(true);
        }
    }
}
