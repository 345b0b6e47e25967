package dev.leat.query.graphql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leat.query.QueryableViews;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

/** GraphQL over HTTP, as its specification says. Runs on the event loop and never blocks it. */
@Path("/graphql")
@Produces({GraphQlResource.GRAPHQL_JSON, MediaType.APPLICATION_JSON})
@Tag(name = "graphql", description = "Views over GraphQL; the schema is had by introspection")
public class GraphQlResource {

    static final String GRAPHQL_JSON = "application/graphql-response+json";

    private final QueryableViews views;
    private final Schemas schemas;
    private final ObjectMapper json;

    GraphQlResource(QueryableViews views, Schemas schemas, ObjectMapper json) {
        this.views = views;
        this.schemas = schemas;
        this.json = json;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "graphql", summary = "Execute a GraphQL query")
    public Uni<Response> post(String body, @HeaderParam(HttpHeaders.ACCEPT) String accept) {
        views.snapshot();
        return execute(GraphQlRequest.of(json, body), accept);
    }

    @GET
    @Operation(operationId = "graphqlGet", summary = "Execute a GraphQL query given in the URL")
    public Uni<Response> get(
            @RestQuery String query,
            @RestQuery String operationName,
            @RestQuery String variables,
            @HeaderParam(HttpHeaders.ACCEPT) String accept) {
        views.snapshot();
        return execute(GraphQlRequest.of(json, query, operationName, variables), accept);
    }

    private Uni<Response> execute(GraphQlRequest request, String accept) {
        RowsFetcher.FreshnessByView fresh = new RowsFetcher.FreshnessByView();
        ExecutionInput input = ExecutionInput.newExecutionInput(request.query())
                .operationName(request.operationName())
                .variables(request.variables())
                .graphQLContext(Map.of(RowsFetcher.FreshnessByView.class, fresh))
                .build();
        return schemas.current()
                .chain(graphql -> Uni.createFrom()
                        .completionStage(() -> graphql.executeAsync(input))
                        .map(result -> KnownNames.added(result, graphql.getGraphQLSchema())))
                .map(result -> response(result, fresh, accept));
    }

    private Response response(ExecutionResult result, RowsFetcher.FreshnessByView fresh, String accept) {
        boolean legacy = accept == null || !accept.contains(GRAPHQL_JSON);
        // Under the older type clients take any other status for a broken server.
        int status = result.isDataPresent() || legacy ? 200 : 400;
        Map<String, Object> document = new LinkedHashMap<>(result.toSpecification());
        if (!fresh.isEmpty()) {
            document.put("extensions", Map.of("fresh", fresh));
        }
        try {
            return Response.status(status)
                    .type(legacy ? MediaType.APPLICATION_JSON : GRAPHQL_JSON)
                    .entity(json.writeValueAsString(document))
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer holds only what Jackson writes", e);
        }
    }
}
