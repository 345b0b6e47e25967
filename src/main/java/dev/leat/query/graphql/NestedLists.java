package dev.leat.query.graphql;

import graphql.execution.AsyncExecutionStrategy;
import graphql.execution.ExecutionContext;
import graphql.execution.ExecutionStrategyParameters;
import graphql.schema.GraphQLScalarType;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers arrays of arrays as they are. Postgres has one type for arrays of any depth, so that the schema can only say {@code
 * [Int]}: where such a list has lists, these are written in the place of a scalar.
 */
final class NestedLists extends AsyncExecutionStrategy {

    NestedLists() {
        super(new ProblemHandler());
    }

    @Override
    protected Object completeValueForScalar(
            ExecutionContext context, ExecutionStrategyParameters parameters, GraphQLScalarType scalar, Object result) {
        if (!(result instanceof List<?> elements)) {
            return super.completeValueForScalar(context, parameters, scalar, result);
        }
        List<Object> completed = new ArrayList<>(elements.size());
        for (Object element : elements) {
            completed.add(element == null ? null : completeValueForScalar(context, parameters, scalar, element));
        }
        return completed;
    }
}
