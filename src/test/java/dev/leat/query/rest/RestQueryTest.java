package dev.leat.query.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.catalog.ViewTable;
import dev.leat.http.LimitsFixture;
import dev.leat.http.Problem;
import dev.leat.query.Operator;
import dev.leat.query.ViewQuery;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Query strings over columns of any name. */
class RestQueryTest {

    private static final ViewTable VIEW = new ViewTable(
            "odd",
            "sql",
            List.of("s"),
            "odd",
            List.of("a"),
            java.util.stream.Stream.of("a", "a.b", "a.b.eq", "größe", "a b", "__op")
                    .map(name -> new Column(name, ColumnType.of(Kind.STRING), false, ""))
                    .toList());

    @ParameterizedTest
    @CsvSource({
        "a, a, EQ",
        "a.ne, a, NE",
        "a.b, a.b, EQ",
        "a.b.ne, a.b, NE",
        "a.b.eq, a.b.eq, EQ",
        "a.b.eq.eq, a.b.eq, EQ",
        "größe.lt, größe, LT",
        "a b, a b, EQ",
        "__op.is_null, __op, IS_NULL"
    })
    void a_filter_names_a_column_and_an_operator(String parameter, String column, Operator operator) {
        ViewQuery query = parse(Map.of(parameter, List.of(operator == Operator.IS_NULL ? "true" : "x")));

        assertThat(query.filters()).singleElement().satisfies(filter -> {
            assertThat(filter.column().name()).isEqualTo(column);
            assertThat(filter.operator()).isEqualTo(operator);
        });
    }

    @Test
    void an_order_may_be_by_a_column_with_a_dot() {
        assertThat(parse(Map.of("order", List.of("a.b.desc,a.b,größe.asc"))).order())
                .extracting(order -> order.column().name())
                .containsExactly("a.b", "a.b", "größe");
    }

    @Test
    void what_is_neither_is_refused() {
        assertThatThrownBy(() -> parse(Map.of("a.c", List.of("x")))).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> parse(Map.of("b.c.eq", List.of("x")))).isInstanceOf(Problem.class);
    }

    private static ViewQuery parse(Map<String, List<String>> parameters) {
        return RestQuery.parse(VIEW, parameters, LimitsFixture.limits(100, 1000));
    }
}
