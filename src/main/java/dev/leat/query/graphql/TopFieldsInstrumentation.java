package dev.leat.query.graphql;

import graphql.ExecutionResult;
import graphql.execution.AbortExecutionException;
import graphql.execution.instrumentation.InstrumentationContext;
import graphql.execution.instrumentation.InstrumentationState;
import graphql.execution.instrumentation.SimplePerformantInstrumentation;
import graphql.execution.instrumentation.parameters.InstrumentationExecuteOperationParameters;

/** Refuses operations with more top-level fields than allowed, aliases and fragments counted, before any is read. */
final class TopFieldsInstrumentation extends SimplePerformantInstrumentation {

    private final int most;

    TopFieldsInstrumentation(int most) {
        this.most = most;
    }

    @Override
    public InstrumentationContext<ExecutionResult> beginExecuteOperation(
            InstrumentationExecuteOperationParameters parameters, InstrumentationState state) {
        int fields = parameters
                .getExecutionContext()
                .getNormalizedQueryTree()
                .get()
                .getTopLevelFields()
                .size();
        if (fields > most) {
            throw new AbortExecutionException("the query has " + fields + " top-level fields; at most " + most
                    + " are answered (leat.query.graphql.max-fields)");
        }
        return super.beginExecuteOperation(parameters, state);
    }
}
