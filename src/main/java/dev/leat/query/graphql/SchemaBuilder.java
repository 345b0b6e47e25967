package dev.leat.query.graphql;

import static graphql.schema.FieldCoordinates.coordinates;
import static graphql.schema.GraphQLFieldDefinition.newFieldDefinition;
import static graphql.schema.GraphQLInputObjectField.newInputObjectField;
import static graphql.schema.GraphQLNonNull.nonNull;

import dev.leat.catalog.ViewTable;
import dev.leat.query.Operator;
import dev.leat.query.Order;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType.Kind;
import graphql.Scalars;
import graphql.schema.DataFetcher;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLCodeRegistry;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLInputType;
import graphql.schema.GraphQLList;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLScalarType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLTypeReference;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Builds the schema of some views: for each a type, a field for its rows ({@code where}, {@code order_by},
 * {@code limit}), and a field for one row by its key. The rows come from {@link RowsFetcher}.
 */
final class SchemaBuilder {

    private static final String QUERY = "Query";
    private static final GraphQLEnumType DIRECTION = GraphQLEnumType.newEnum()
            .name("Direction")
            .description("Which way a column is ordered; rows without a value come last either way.")
            .value("asc", Order.Direction.ASC)
            .value("desc", Order.Direction.DESC)
            .build();

    private final RowsFetcher fetcher;
    private final Set<String> taken = new HashSet<>();
    private final Map<Kind, GraphQLInputObjectType> comparisons = new EnumMap<>(Kind.class);
    private final GraphQLObjectType.Builder query =
            GraphQLObjectType.newObject().name(QUERY);
    private final GraphQLCodeRegistry.Builder code = GraphQLCodeRegistry.newCodeRegistry();

    private SchemaBuilder(RowsFetcher fetcher) {
        this.fetcher = fetcher;
    }

    /** The schema, validated; fails if it would not be one. */
    static GraphQLSchema build(Collection<ViewTable> views, RowsFetcher fetcher) {
        SchemaBuilder builder = new SchemaBuilder(fetcher);
        views.forEach(view -> builder.taken.add(view.name()));
        views.forEach(builder::add);
        if (views.isEmpty()) {
            builder.addPlaceholder();
        }
        return GraphQLSchema.newSchema()
                .query(builder.query)
                .codeRegistry(builder.code.build())
                .build();
    }

    /** GraphQL knows no type without fields. */
    private void addPlaceholder() {
        query.field(newFieldDefinition()
                .name("_leat")
                .description("There are no views yet.")
                .type(Scalars.GraphQLString));
        code.dataFetcher(coordinates(QUERY, "_leat"), (DataFetcher<String>) field -> "there are no views yet");
    }

    private void add(ViewTable view) {
        ColumnNames names = ColumnNames.of(view);
        GraphQLObjectType type = type(view, names);
        query.field(newFieldDefinition()
                .name(view.name())
                .description("Rows of " + view.name() + ", in the order of the key unless order_by says otherwise.")
                .type(nonNull(GraphQLList.list(nonNull(type))))
                .argument(argument(RowsFetcher.WHERE, where(view, names), "All conditions must hold."))
                .argument(argument(
                        RowsFetcher.ORDER_BY,
                        GraphQLList.list(nonNull(order(view, names))),
                        "Most significant first; the key decides between equals."))
                .argument(argument(RowsFetcher.LIMIT, Scalars.GraphQLInt, "Most rows of the answer.")));
        code.dataFetcher(coordinates(QUERY, view.name()), fetcher.rows(view, names));
        addByKey(view, names);
    }

    private void addByKey(ViewTable view, ColumnNames names) {
        List<GraphQLArgument> key = view.columns().stream()
                .filter(column -> view.key().contains(column.name()))
                .map(column -> argument(
                        names.of(column.name()), nonNull(scalar(column.type().kind())), names.description(column)))
                .toList();
        String name = free(view.name() + "_by_key");
        query.field(newFieldDefinition()
                .name(name)
                .description("The row of " + view.name() + " with this key, if there is one.")
                .type(GraphQLTypeReference.typeRef(view.name()))
                .arguments(key));
        code.dataFetcher(coordinates(QUERY, name), fetcher.byKey(view, names));
    }

    private GraphQLObjectType type(ViewTable view, ColumnNames names) {
        GraphQLObjectType.Builder type = GraphQLObjectType.newObject()
                .name(view.name())
                .description("A row of the view " + view.name() + " (" + view.kind() + " of "
                        + String.join(", ", view.streams()) + ").");
        view.columns().forEach(column -> {
            String name = names.of(column.name());
            type.field(newFieldDefinition()
                    .name(name)
                    .description(names.description(column))
                    .type(
                            column.required()
                                    ? nonNull(ColumnScalars.of(column.type()))
                                    : ColumnScalars.of(column.type())));
            code.dataFetcher(coordinates(view.name(), name), (DataFetcher<Object>)
                    field -> field.<Map<String, Object>>getSource().get(column.name()));
        });
        return type.build();
    }

    private GraphQLInputObjectType where(ViewTable view, ColumnNames names) {
        GraphQLInputObjectType.Builder where =
                GraphQLInputObjectType.newInputObject().name(free(view.name() + "_where"));
        view.columns()
                .forEach(column -> where.field(newInputObjectField()
                        .name(names.of(column.name()))
                        .description(names.description(column))
                        .type(comparison(column))));
        return where.build();
    }

    private GraphQLInputObjectType order(ViewTable view, ColumnNames names) {
        GraphQLInputObjectType.Builder order = GraphQLInputObjectType.newInputObject()
                .name(free(view.name() + "_order"))
                .description("One column and its direction.");
        view.columns()
                .forEach(column -> order.field(
                        newInputObjectField().name(names.of(column.name())).type(DIRECTION)));
        return order.build();
    }

    private GraphQLInputObjectType comparison(Column column) {
        return comparisons.computeIfAbsent(column.type().kind(), kind -> {
            GraphQLInputObjectType.Builder comparison = GraphQLInputObjectType.newInputObject()
                    // Kinds that share a scalar may differ in their operators.
                    .name(kind.name().charAt(0) + kind.name().substring(1).toLowerCase(Locale.ROOT) + "_comparison");
            Operator.of(column.type())
                    .forEach(operator -> comparison.field(
                            newInputObjectField().name(operator.word()).type(operand(operator, scalar(kind)))));
            return comparison.build();
        });
    }

    private static GraphQLInputType operand(Operator operator, GraphQLScalarType scalar) {
        return switch (operator) {
            case IS_NULL -> Scalars.GraphQLBoolean;
            case IN -> GraphQLList.list(nonNull(scalar));
            default -> scalar;
        };
    }

    private static GraphQLScalarType scalar(Kind kind) {
        return ColumnScalars.of(kind);
    }

    private static GraphQLArgument argument(String name, GraphQLInputType type, String description) {
        return GraphQLArgument.newArgument()
                .name(name)
                .description(description)
                .type(type)
                .build();
    }

    /** A name that no view has: one called {@code rides_where} must not break those of {@code rides}. */
    private String free(String name) {
        String free = name;
        while (!taken.add(free)) {
            free += "_";
        }
        return free;
    }
}
