package dev.leat.query.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.catalog.ViewTable;
import dev.leat.http.LimitsFixture;
import dev.leat.query.Answer;
import dev.leat.query.Freshness;
import dev.leat.query.Order;
import dev.leat.query.ViewQuery;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Columns whose names GraphQL has no room for have others there, and no other view notices. */
class SchemaBuilderTest {

    private static final List<String> COLUMNS =
            List.of("größe", "gr__e", "__op", "_op", "1st", "a b", "a.b", "😀", "id");

    private final List<ViewQuery> asked = new ArrayList<>();
    private final ViewTable odd = view("odd", "größe", COLUMNS);
    private final ViewTable plain = view("plain", "id", List.of("id"));
    private final GraphQLSchema schema =
            SchemaBuilder.build(List.of(odd, plain), new RowsFetcher(this::answer, LimitsFixture.limits(100, 1000)));

    @Test
    void every_column_has_a_name_of_its_own() {
        assertThat(((GraphQLObjectType) schema.getType("odd")).getFields())
                .extracting(field -> field.getName())
                .containsExactly("gr__e_", "gr__e", "_op_", "_op", "_1st", "a_b", "a_b_", "_", "id");
        assertThat(((GraphQLObjectType) schema.getType("odd"))
                        .getField("gr__e_")
                        .getDescription())
                .isEqualTo("what it is\n\nColumn `größe`, whose name GraphQL has no room for.");
        assertThat(((GraphQLObjectType) schema.getType("odd")).getField("id").getDescription())
                .isEqualTo("what it is");
    }

    @Test
    void a_query_by_such_names_gets_the_columns_values() {
        ExecutionResult result = query("""
                {odd(where: {gr__e_: {eq: "x"}, _op_: {is_null: false}}, order_by: [{_1st: desc}]) {gr__e_ gr__e _op_ a_b_ first: _1st}
                 odd_by_key(gr__e_: "k") {_}
                 plain {id}}""");

        assertThat(result.getErrors()).isEmpty();
        assertThat(result.<Map<String, Object>>getData())
                .isEqualTo(Map.of(
                        "odd",
                        List.of(Map.of(
                                "gr__e_",
                                "of größe",
                                "gr__e",
                                "of gr__e",
                                "_op_",
                                "of __op",
                                "a_b_",
                                "of a.b",
                                "first",
                                "of 1st")),
                        "odd_by_key",
                        Map.of("_", "of 😀"),
                        "plain",
                        List.of(Map.of("id", "of id"))));
        ViewQuery rows = asked.getFirst();
        assertThat(rows.columns()).extracting(Column::name).containsExactly("größe", "gr__e", "__op", "1st", "a.b");
        assertThat(rows.filters())
                .extracting(filter -> filter.column().name())
                .containsExactlyInAnyOrder("größe", "__op");
        assertThat(rows.order()).containsExactly(new Order(odd.column("1st").orElseThrow(), Order.Direction.DESC));
    }

    private ExecutionResult query(String query) {
        return GraphQL.newGraphQL(schema)
                .build()
                .execute(ExecutionInput.newExecutionInput(query)
                        .graphQLContext(Map.of(RowsFetcher.FreshnessByView.class, new RowsFetcher.FreshnessByView())));
    }

    private Uni<Answer> answer(ViewQuery query) {
        asked.add(query);
        Map<String, Object> row = new HashMap<>();
        query.columns().forEach(column -> row.put(column.name(), "of " + column.name()));
        return Uni.createFrom().item(new Answer(List.of(row), new Freshness(List.of("s"), Instant.EPOCH)));
    }

    private static ViewTable view(String name, String key, List<String> columns) {
        return new ViewTable(
                name,
                "latest",
                List.of("s"),
                name,
                List.of(key),
                columns.stream()
                        .map(column -> new Column(column, ColumnType.of(Kind.STRING), column.equals(key), "what it is"))
                        .toList());
    }
}
