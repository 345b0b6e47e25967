package dev.leat.ops.deadletter;

import dev.leat.lake.Lake;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineConfig;
import dev.leat.pipeline.Stream;
import dev.leat.schema.Contracts;
import dev.leat.schema.contract.ContractException;
import dev.leat.view.redrive.DeadLetterFilter;
import dev.leat.view.redrive.Redrive;
import dev.leat.view.redrive.RedriveOutcome;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Redrives and evicts dead letters, in views and lake alike. Works in every process, whatever its roles. Blocks.
 */
@ApplicationScoped
public class DeadLetterAdmin {

    private static final Logger LOG = Logger.getLogger(DeadLetterAdmin.class);

    private final Redrive redrive;
    private final Lake lake;
    private final Contracts contracts;
    private final Pipeline pipeline;
    private final Set<PipelineConfig.Role> roles;
    private final AtomicBoolean contractsSettled = new AtomicBoolean();

    DeadLetterAdmin(Redrive redrive, Lake lake, Contracts contracts, Pipeline pipeline, PipelineConfig config) {
        this.pipeline = pipeline;
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

    /** One that is unfit is no reason not to redrive the dead letters of others. */
    private void settle(Stream stream) {
        try {
            contracts.settle(stream);
        } catch (ContractException unfit) {
            LOG.warnf("contract not settled stream=%s error=%s", stream.name(), unfit.getMessage());
        }
    }

    /** A process that ingests has settled them at its start. */
    private void settleContracts() {
        if (!roles.contains(PipelineConfig.Role.INGEST) && !contractsSettled.get()) {
            pipeline.streams().values().forEach(this::settle);
            contractsSettled.set(true);
        }
    }
}
