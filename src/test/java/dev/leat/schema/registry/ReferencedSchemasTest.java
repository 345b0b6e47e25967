package dev.leat.schema.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.ReferencedSchemas.Artifact;
import dev.leat.schema.registry.ReferencedSchemas.Reference;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Texts that have only the names of types that other artifacts define. */
class ReferencedSchemasTest {

    private static final String MONEY = record("Money", "{\"name\": \"cents\", \"type\": \"long\"}");
    private static final String ITEM = record("Item", "{\"name\": \"price\", \"type\": \"t.Money\"}");
    private static final String ORDER = record(
            "Order",
            "{\"name\": \"item\", \"type\": \"t.Item\"}, {\"name\": \"total\", \"type\": [\"null\", \"t.Money\"]}");

    private final VersionedRegistry registry = new VersionedRegistry();

    private static String record(String name, String fields) {
        return "{\"type\": \"record\", \"name\": \"" + name + "\", \"namespace\": \"t\", \"fields\": [" + fields + "]}";
    }

    private static Reference to(String name, String artifact) {
        return new Reference(name, new Artifact("default", artifact, "1"));
    }

    private Schema schema(long id) {
        return registry.schema(SchemaId.content(id)).orElseThrow();
    }

    @Test
    void a_type_that_two_others_refer_to_is_learnt_once_whatever_the_references_are_called() {
        // Given
        registry.register("money", MONEY, List.of());
        registry.register("item", ITEM, List.of(to("money.avsc", "money")));
        long order = registry.register("order", ORDER, List.of(to("item.avsc", "item"), to("money.avsc", "money")));

        // When
        Schema parsed = schema(order);

        // Then
        assertThat(parsed.getField("item").schema().getField("price").schema())
                .isEqualTo(new Schema.Parser().parse(MONEY));
        assertThat(parsed.getField("total").schema().getTypes().getLast())
                .isSameAs(parsed.getField("item").schema().getField("price").schema());
    }

    @Test
    void references_in_a_circle_are_refused() {
        // Given
        registry.register("money", MONEY, List.of(to("t.Item", "item")));
        long item = registry.register("item", ITEM, List.of(to("t.Money", "money")));

        // When, then
        assertThatThrownBy(() -> schema(item))
                .isInstanceOf(ContractException.class)
                .hasMessage("the registry's schemas refer to each other in a circle, by default/money version 1");
    }

    @Test
    void a_reference_to_nothing_is_told() {
        long item = registry.register("item", ITEM, List.of(to("t.Money", "money")));

        assertThatThrownBy(() -> schema(item))
                .isInstanceOf(ContractException.class)
                .hasMessage("the schema refers to default/money version 1, which the registry doesn't have");
    }

    @Test
    void more_text_than_can_be_parsed_in_time_is_refused() {
        registry.register("money", MONEY + " ".repeat(1 << 20), List.of());
        long item = registry.register("item", ITEM, List.of(to("t.Money", "money")));

        assertThatThrownBy(() -> schema(item))
                .isInstanceOf(ContractException.class)
                .hasMessage("the schema has more than 1048576 characters, with those that it refers to, and no longer"
                        + " one is read");
    }
}
