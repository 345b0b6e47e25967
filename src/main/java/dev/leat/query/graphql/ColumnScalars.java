package dev.leat.query.graphql;

import dev.leat.query.value.ColumnText;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
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
import java.util.Locale;
import java.util.Map;

/**
 * The GraphQL scalar of each kind of column: GraphQL's own where it has one, else one of ours that is written as in
 * JSON. Our values come from the reader as Jackson writes them, so that nothing is left to do on the way out.
 */
final class ColumnScalars {

    private static final Map<Kind, GraphQLScalarType> OURS = Map.of(
            Kind.LONG, of(Kind.LONG, "An integer of 64 bits."),
            Kind.DECIMAL, of(Kind.DECIMAL, "A decimal number as a string, so that no digit is lost."),
            Kind.DATE, of(Kind.DATE, "A date, as 2026-01-31."),
            Kind.TIME, of(Kind.TIME, "A time of day, as 23:59:59.999999."),
            Kind.TIMESTAMP, of(Kind.TIMESTAMP, "An instant in UTC, as 2026-01-31T23:59:59Z."),
            Kind.LOCAL_TIMESTAMP, of(Kind.LOCAL_TIMESTAMP, "A date and time without a zone, as 2026-01-31T23:59:59."),
            Kind.UUID, of(Kind.UUID, "A UUID, as 123e4567-e89b-12d3-a456-426614174000."),
            Kind.DURATION, of(Kind.DURATION, "Months, days and seconds side by side, as P14M3DT4.005S."),
            Kind.JSON, of(Kind.JSON, "JSON of any form."));

    private ColumnScalars() {}

    /** The type of a column's values. */
    static GraphQLOutputType of(ColumnType type) {
        return type.kind() == Kind.ARRAY ? GraphQLList.list(of(type.element())) : of(type.kind());
    }

    static GraphQLScalarType of(Kind kind) {
        return switch (kind) {
            case BOOLEAN -> Scalars.GraphQLBoolean;
            case INT -> Scalars.GraphQLInt;
            case FLOAT, DOUBLE -> Scalars.GraphQLFloat;
            case STRING, BYTES -> Scalars.GraphQLString;
            // The names are the same, so the scalars must be; what comes in is parsed again for the column.
            case TIMESTAMP_NANOS -> OURS.get(Kind.TIMESTAMP);
            case LOCAL_TIMESTAMP_NANOS -> OURS.get(Kind.LOCAL_TIMESTAMP);
            case ARRAY, MAP, UNION -> OURS.get(Kind.JSON);
            default -> OURS.get(kind);
        };
    }

    private static GraphQLScalarType of(Kind kind, String description) {
        return GraphQLScalarType.newScalar()
                .name(ColumnType.of(kind).graphql())
                .description(description)
                .coercing(new Written(kind))
                .build();
    }

    /** Values as JSON writes them; what comes in is checked and becomes the value's canonical Java object. */
    private record Written(Kind kind) implements Coercing<Object, Object> {

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
                Object parsed = ColumnText.parse(kind, input.toString());
                // The client's own interval has a text of another form.
                return kind == Kind.DURATION ? input.toString() : parsed;
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
            return "expected " + ColumnText.expected(kind);
        }
    }
}
