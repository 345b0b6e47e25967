package dev.leat.ops;

import dev.leat.http.Problem;
import dev.leat.http.ProblemMapper;
import dev.leat.schema.registry.RegistryOutage;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers 503 where a resource needs the registry and it doesn't answer. */
@Provider
public class RegistryOutageMapper implements ExceptionMapper<RegistryOutage> {

    private final ProblemMapper problems;

    RegistryOutageMapper(ProblemMapper problems) {
        this.problems = problems;
    }

    @Override
    public Response toResponse(RegistryOutage outage) {
        return problems.toResponse(new Problem(
                503, "registry-unavailable", "The registry doesn't answer", outage.getMessage() + "; try again later"));
    }
}
