package dev.leat.ops.health;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Names what fails now in this instance. Up all the same: what fails stops its own scope, and the process goes on applying
 * and answering for the others.
 */
@Readiness
@ApplicationScoped
class FailureReadiness implements HealthCheck {

    private final Failures failures;

    FailureReadiness(Failures failures) {
        this.failures = failures;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("failures");
        for (Failure failure : failures.current()) {
            // Lanes have a check of their own.
            if (failure.scope().kind() != Scope.Kind.LANE) {
                response.withData(
                        failure.scope() + ", " + failure.cause().label(),
                        (failure.rests() ? "rests since " : "since ") + failure.since() + ": " + failure.message());
            }
        }
        return response.up().build();
    }
}
