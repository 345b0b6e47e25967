package dev.leat.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.catalog.ViewTable;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewSelectTest {

    private static final Column ID = new Column("id", ColumnType.of(Kind.LONG), true, "");
    private static final Column NAME = new Column("na\"me", ColumnType.of(Kind.STRING), false, "");
    private static final Column EXTRA = new Column("extra", ColumnType.of(Kind.JSON), false, "");
    private static final ViewTable THINGS = new ViewTable(
            "things", "latest", List.of("rides"), "\"shown\".\"things\"", List.of("id"), List.of(ID, NAME, EXTRA));

    private static ViewSelect select(List<Filter> filters, Order... order) {
        return ViewSelect.of(new ViewQuery(THINGS, THINGS.columns(), filters, List.of(order), 10));
    }

    @Test
    void values_are_parameters_and_identifiers_are_quoted() {
        ViewSelect select = select(List.of(
                Filter.of(NAME, Operator.EQ, "'; DROP TABLE x"),
                Filter.in(ID, List.of("1", "2")),
                Filter.of(EXTRA, Operator.IS_NULL, "false")));

        assertThat(select.sql())
                .isEqualTo(
                        "/* bigint, text, jsonb */ SELECT \"id\", \"na\"\"me\", \"extra\"::text FROM \"shown\".\"things\" AS v WHERE \"na\"\"me\" = $1"
                                + " AND \"id\" IN ($2, $3) AND \"extra\" IS NOT NULL ORDER BY v.\"id\" LIMIT $4");
        assertThat(select.parameters()).containsExactly("'; DROP TABLE x", 1L, 2L, 10L);
    }

    @Test
    void the_key_decides_between_equals() {
        assertThat(select(List.of(), new Order(NAME, Order.Direction.DESC)).sql())
                .endsWith(" ORDER BY v.\"na\"\"me\" DESC NULLS LAST, v.\"id\" LIMIT $1");
    }

    @Test
    void a_key_that_is_ordered_by_is_not_ordered_by_again() {
        Order down = new Order(ID, Order.Direction.DESC);

        assertThat(select(List.of(), down, new Order(ID, Order.Direction.ASC)).sql())
                .endsWith(" ORDER BY v.\"id\" DESC LIMIT $1");
    }

    @Test
    void no_value_at_all_is_in_an_empty_list() {
        assertThat(select(List.of(Filter.in(ID, List.of()))).sql()).contains(" WHERE false ");
    }
}
