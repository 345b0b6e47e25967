package dev.leat.query.graphql;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.vertx.http.runtime.filters.Filters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

/**
 * Repairs the requests of dev mode's GraphiQL. Its bundle sends {@code Content-Type: application/json, application/json},
 * which matches no JAX-RS resource.
 */
@ApplicationScoped
@IfBuildProfile("dev")
class GraphiQl {

    private static final String TWICE = MediaType.APPLICATION_JSON + ", " + MediaType.APPLICATION_JSON;
    private static final int BEFORE_RESOURCES = 100;

    void repairContentType(@Observes Filters filters) {
        filters.register(
                context -> {
                    if (TWICE.equals(context.request().getHeader(HttpHeaders.CONTENT_TYPE))) {
                        context.request().headers().set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON);
                    }
                    context.next();
                },
                BEFORE_RESOURCES);
    }
}
