package dev.leat.query.graphql;

import graphql.ExecutionResult;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.schema.GraphQLNamedSchemaElement;
import graphql.schema.GraphQLSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Adds to an error about a name that a type doesn't have those that it has, as the extension {@code exists}. */
final class KnownNames {

    /** graphql-java names the type in its message and nowhere else. */
    private static final Pattern TYPE = Pattern.compile("(?:in type|not in|input object type) '([_A-Za-z]\\w*)'");

    private KnownNames() {}

    static ExecutionResult added(ExecutionResult result, GraphQLSchema schema) {
        if (result.getErrors().isEmpty()) {
            return result;
        }
        List<GraphQLError> errors =
                result.getErrors().stream().map(error -> added(error, schema)).toList();
        return result.transform(changed -> changed.errors(errors));
    }

    private static GraphQLError added(GraphQLError error, GraphQLSchema schema) {
        Matcher type = TYPE.matcher(Optional.ofNullable(error.getMessage()).orElse(""));
        if (hasExtensions(error) || !type.find() || schema.getType(type.group(1)) == null) {
            return error;
        }
        List<String> names = schema.getType(type.group(1)).getChildren().stream()
                .filter(child -> child instanceof GraphQLNamedSchemaElement)
                .map(child -> ((GraphQLNamedSchemaElement) child).getName())
                .toList();
        return GraphqlErrorBuilder.newError()
                .message("%s", error.getMessage())
                .locations(error.getLocations())
                .errorType(error.getErrorType())
                .extensions(Map.of("exists", names))
                .build();
    }

    /** Ours say what exists already. */
    private static boolean hasExtensions(GraphQLError error) {
        return error.getExtensions() != null && !error.getExtensions().isEmpty();
    }
}
