package dev.leat.query.graphql;

import dev.leat.http.Problem;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.DataFetcherExceptionHandlerParameters;
import graphql.execution.DataFetcherExceptionHandlerResult;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/** A {@link Problem} becomes an error with its detail and members; anything else is logged and hidden from the client. */
final class ProblemHandler implements DataFetcherExceptionHandler {

    private static final Logger LOG = Logger.getLogger(ProblemHandler.class);

    @Override
    public CompletableFuture<DataFetcherExceptionHandlerResult> handleException(
            DataFetcherExceptionHandlerParameters failed) {
        return CompletableFuture.completedFuture(DataFetcherExceptionHandlerResult.newResult()
                .error(error(failed))
                .build());
    }

    private static GraphQLError error(DataFetcherExceptionHandlerParameters failed) {
        Throwable failure = failed.getException() instanceof CompletionException wrapped
                ? wrapped.getCause()
                : failed.getException();
        GraphqlErrorBuilder<?> error =
                GraphqlErrorBuilder.newError().path(failed.getPath()).location(failed.getSourceLocation());
        if (failure instanceof Problem problem) {
            return error.message("%s", problem.getMessage())
                    .extensions(extensions(problem))
                    .build();
        }
        LOG.errorf(failure, "Can't answer a GraphQL field: field=%s", failed.getPath());
        return error.message("internal error; the log says more")
                .extensions(Map.of("code", "internal"))
                .build();
    }

    private static Map<String, Object> extensions(Problem problem) {
        Map<String, Object> extensions = new LinkedHashMap<>();
        extensions.putAll(problem.members());
        extensions.put("code", problem.code());
        return extensions;
    }
}
