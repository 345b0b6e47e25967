package dev.leat.query.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.Scalars;
import graphql.schema.DataFetcher;
import graphql.schema.FieldCoordinates;
import graphql.schema.GraphQLCodeRegistry;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLList;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A list of scalars that has lists. */
class NestedListsTest {

    private static ExecutionResult answer(Object value) {
        GraphQLSchema schema = GraphQLSchema.newSchema()
                .query(GraphQLObjectType.newObject()
                        .name("Query")
                        .field(GraphQLFieldDefinition.newFieldDefinition()
                                .name("v")
                                .type(GraphQLList.list(Scalars.GraphQLInt))))
                .codeRegistry(GraphQLCodeRegistry.newCodeRegistry()
                        .dataFetcher(
                                FieldCoordinates.coordinates("Query", "v"), (DataFetcher<Object>) environment -> value)
                        .build())
                .build();
        return GraphQL.newGraphQL(schema)
                .queryExecutionStrategy(new NestedLists())
                .build()
                .execute("{v}");
    }

    @Test
    void is_answered_as_it_is() {
        Object value = List.of(Arrays.asList(1, null), List.of(3L, 4L), List.of(List.of(5)));

        ExecutionResult answer = answer(value);

        assertThat(answer.getErrors()).isEmpty();
        assertThat(answer.<Map<String, Object>>getData())
                .isEqualTo(Map.of("v", List.of(Arrays.asList(1, null), List.of(3, 4), List.of(List.of(5)))));
    }

    @Test
    void what_is_no_list_is_checked_as_ever() {
        assertThat(answer(List.of("no number")).getErrors()).hasSize(1);
    }
}
