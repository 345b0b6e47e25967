package dev.leat.app;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineConfig;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.PipelineFiles;
import dev.leat.schema.contract.Contract;
import dev.leat.schema.contract.ContractException;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * Reads the pipeline before anything else is made that needs it, and looks for the contracts that it names. What is wrong with
 * it is one line of the log, and the process ends with status 1; thrown by whoever needs the pipeline first, it would be
 * somewhere in a long stack. What a contract says is its stream's matter, and is looked at later.
 */
@ApplicationScoped
class PipelineCheck {

    private static final Logger LOG = Logger.getLogger(PipelineCheck.class);

    private final PipelineConfig config;

    PipelineCheck(PipelineConfig config) {
        this.config = config;
    }

    void onStart(@Observes @Priority(1) StartupEvent event) {
        try {
            Pipeline pipeline = PipelineFiles.read(config.pipeline());
            // Who only answers queries needs none of them.
            if (config.roles().contains(PipelineConfig.Role.INGEST)) {
                Contract.requireFiles(pipeline);
            }
        } catch (PipelineException | ContractException refused) {
            LOG.errorf("the pipeline can't run: %s", refused.getMessage());
            Quarkus.asyncExit(1);
            // Nothing else is started, and no stack is printed.
            throw new PreventFurtherStepsException("the pipeline can't run", 1);
        }
    }
}
