package dev.leat.query.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leat.query.HostileValues;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.StringValue;
import graphql.schema.GraphQLScalarType;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What REST shows, GraphQL shows as well, and takes back. */
class HostileScalarsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    static List<HostileValues> every_scalar_writes_and_takes_what_rest_writes() {
        return HostileValues.all();
    }

    @ParameterizedTest
    @MethodSource
    void every_scalar_writes_and_takes_what_rest_writes(HostileValues values) throws JsonProcessingException {
        ColumnType type = values.columnType();
        if (type.kind() == Kind.ARRAY || type.kind() == Kind.JSON) {
            return;
        }
        GraphQLScalarType scalar = ColumnScalars.of(type.kind());
        for (String json : values.json()) {
            Object value = JSON.readValue(json, Object.class);
            assertThat(scalar.getCoercing()
                            .serialize(value, GraphQLContext.getDefault(), Locale.ROOT)
                            .toString())
                    .isEqualTo(value.toString());
            Object taken = scalar.getCoercing()
                    .parseLiteral(
                            StringValue.of(value.toString()),
                            CoercedVariables.emptyVariables(),
                            GraphQLContext.getDefault(),
                            Locale.ROOT);
            assertThat(taken).isNotNull();
        }
    }
}
