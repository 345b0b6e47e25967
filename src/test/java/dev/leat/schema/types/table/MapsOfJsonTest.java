package dev.leat.schema.types.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.avro.AvroCursor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps whose values have become something that has no type of its own. */
class MapsOfJsonTest {

    private static final ColumnType JSON = ColumnType.of(Kind.JSON);
    private static final ColumnType MAP = ColumnType.mapOf(JSON);

    @Test
    void a_map_whose_values_become_anything_stays_a_map_and_holds_what_it_held() {
        ColumnType ints = ColumnType.mapOf(ColumnType.of(Kind.INT));

        assertThat(ints.widenedFor(JSON)).contains(MAP);
        assertThat(List.of(MAP.holds(ints), MAP.holds(JSON), MAP.holds(MAP))).containsOnly(true);
        assertThat(JSON.holds(ints)).isTrue();
        assertThat(TypeTable.widened(Map.of("k", 7L), ints, MAP)).isEqualTo(Map.of("k", "7"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"k\":{\"x\":5,\"y\":[1,{\"z\":null}]}}",
                "{\"a:b\":\"c:d\",\"\":\"\",\"q\\\"\":\"\\\"},{\\\\\"}",
                "{\"a\":1E+400,\"b\":1.50,\"c\":-0.0,\"d\":123456789012345678901234567890}",
                "{\"a\":null,\"b\":true,\"é\":[],\"c\":false}",
                "{\"a\":[[[\"]\"]]],\"b\":{\"{\":\"}\"}}",
            })
    void its_json_is_that_of_its_values_to_the_last_digit(String json) {
        Object map = TypeTable.widened(json, JSON, MAP);

        assertThat(TypeTable.of(MAP).json(map)).isEqualTo(json);
    }

    @Test
    void a_large_one_is_taken_apart_too() {
        Map<String, String> large = new LinkedHashMap<>();
        for (int i = 0; i < 10_000; i++) {
            large.put("key" + i, "{\"n\":" + i + ",\"t\":\"é" + i + "\"}");
        }
        String json = TypeTable.of(MAP).json(large);

        assertThat(TypeTable.widened(json, JSON, MAP)).isEqualTo(large);
    }

    @Test
    void what_is_no_map_is_refused() {
        assertThatThrownBy(() -> TypeTable.widened("[1]", JSON, MAP))
                .isInstanceOf(AvroCursor.Malformed.class)
                .hasMessage("a value is no map, as those before it are");
    }
}
