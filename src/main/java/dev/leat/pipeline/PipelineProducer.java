package dev.leat.pipeline;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Gives the declared pipeline to whoever injects it; reads it once. */
@ApplicationScoped
class PipelineProducer {

    @Produces
    @Singleton
    Pipeline pipeline(PipelineConfig config) {
        return PipelineFiles.read(config.pipeline());
    }
}
