package dev.leat.ops.health;

import dev.leat.catalog.ViewsReady;
import dev.leat.ingest.lane.Lanes;
import dev.leat.ingest.lane.status.LaneState;
import dev.leat.pipeline.PipelineConfig;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * States of the lanes. Down until the start-up has settled, and while a lane is stopped or rests. A lane that retries during an
 * outage is listed, but the process stays ready, because it still answers queries.
 */
@Readiness
@ApplicationScoped
class LaneReadiness implements HealthCheck {

    private final Lanes lanes;
    private final ViewsReady viewsReady;
    private final PipelineConfig config;

    LaneReadiness(Lanes lanes, ViewsReady viewsReady, PipelineConfig config) {
        this.lanes = lanes;
        this.viewsReady = viewsReady;
        this.config = config;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("lanes");
        boolean up = viewsReady.isReady() || !config.roles().contains(PipelineConfig.Role.INGEST);
        for (var lane : lanes.states().entrySet()) {
            switch (lane.getValue()) {
                case LaneState.Stopped stopped -> {
                    up = false;
                    response.withData(lane.getKey(), "stopped: " + stopped.reason());
                }
                case LaneState.Resting resting -> {
                    up = false;
                    response.withData(lane.getKey(), "resting: " + resting.reason());
                }
                case LaneState.Waiting waiting ->
                    response.withData(lane.getKey(), "waiting since " + waiting.since() + ": " + waiting.reason());
                case LaneState.Opening ignored -> response.withData(lane.getKey(), "opening");
                case LaneState.Flowing ignored -> response.withData(lane.getKey(), "flowing");
                case LaneState.Closed ignored -> response.withData(lane.getKey(), "closed");
            }
        }
        return response.status(up).build();
    }
}
