package dev.leat.query.graphql;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.codec.ValueCodec;
import dev.leat.schema.types.table.TypeTable;
import graphql.GraphQLContext;
import graphql.Scalars;
import graphql.execution.CoercedVariables;
import graphql.language.FloatValue;
import graphql.language.IntValue;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.GraphQLList;
import graphql.schema.GraphQLOutputType;
import graphql.schema.GraphQLScalarType;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The GraphQL scalar of each kind of column: GraphQL's own where it has one, else one of ours that is written as in
 * JSON. Our values come from the reader as Jackson writes them, so that nothing is left to do on the way out.
 */
final class ColumnScalars {

    /** By their names: kinds of one name share a scalar, and what comes in is parsed again for the column. */
    private static final Map<String, GraphQLScalarType> SCALARS = scalars();

    private ColumnScalars() {}

    /** The type of a column's values. */
    static GraphQLOutputType of(ColumnType type) {
        return type.kind() == Kind.ARRAY ? GraphQLList.list(of(type.element())) : of(type.kind());
    }

    static GraphQLScalarType of(Kind kind) {
        return SCALARS.getOrDefault(kind.graphql(), SCALARS.get(Kind.JSON.graphql()));
    }

    private static Map<String, GraphQLScalarType> scalars() {
        Map<String, GraphQLScalarType> scalars = new HashMap<>();
        Stream.of(Scalars.GraphQLBoolean, Scalars.GraphQLInt, Scalars.GraphQLString)
                .forEach(scalar -> scalars.put(scalar.getName(), scalar));
        // GraphQL's own Float has no NaN and no infinities.
        scalars.put(Kind.DOUBLE.graphql(), scalar(Kind.DOUBLE.graphql(), TypeTable.of(ColumnType.of(Kind.DOUBLE))));
        for (Kind kind : Kind.values()) {
            if (kind.isSimple() || kind == Kind.JSON) {
                scalars.computeIfAbsent(kind.graphql(), name -> scalar(name, TypeTable.of(ColumnType.of(kind))));
            }
        }
        return scalars;
    }

    private static GraphQLScalarType scalar(String name, ValueCodec codec) {
        return GraphQLScalarType.newScalar()
                .name(name)
                .description(codec.scalarDoc())
                .coercing(new Written(codec))
                .build();
    }

    /** Values as JSON writes them; what comes in is checked and becomes the value's canonical Java object. */
    private record Written(ValueCodec codec) implements Coercing<Object, Object> {

        @Override
        public Object serialize(Object value, GraphQLContext context, Locale locale) {
            return value;
        }

        @Override
        public Object parseValue(Object input, GraphQLContext context, Locale locale) {
            if (!(input instanceof String) && !(input instanceof Number)) {
                throw new CoercingParseValueException(expected());
            }
            try {
                Object parsed = codec.parse(input.toString());
                // The client's own interval has a text of another form.
                return codec.isSelectedAsText() ? input.toString() : parsed;
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new CoercingParseValueException(expected());
            }
        }

        @Override
        public Object parseLiteral(Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
            Object text =
                    switch (input) {
                        case StringValue string -> string.getValue();
                        case IntValue number -> number.getValue();
                        case FloatValue number -> number.getValue();
                        default -> throw new CoercingParseLiteralException(expected());
                    };
            try {
                return parseValue(text, context, locale);
            } catch (CoercingParseValueException e) {
                throw new CoercingParseLiteralException(e.getMessage());
            }
        }

        @Override
        public Value<?> valueToLiteral(Object input, GraphQLContext context, Locale locale) {
            return StringValue.of(input.toString());
        }

        private String expected() {
            return "expected " + codec.expected();
        }
    }
}
