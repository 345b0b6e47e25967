package dev.leat.schema.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class SchemaChangesTest {

    @Test
    void an_added_field_says_what_it_demands_of_writers() {
        assertThat(changes("""
                {"name": "id", "type": "string"}
                """, """
                {"name": "id", "type": "string"},
                {"name": "tip", "type": ["null", "double"], "default": null},
                {"name": "vendor", "type": "int", "default": 7},
                {"name": "note", "type": ["null", "string"]},
                {"name": "zone", "type": "int"}
                """))
                .containsExactly(
                        "field tip was added, optional, default null",
                        "field vendor was added, never null, default 7",
                        "field note was added, optional, without default",
                        "field zone was added, required");
    }

    @Test
    void a_chain_of_types_that_is_longer_than_the_stack_is_not_compared() throws InterruptedException {
        // Given
        Schema before = Schema.createRecord("t.R", null, null, false, List.of());
        Schema after = before;
        for (int i = 0; i < 20_000; i++) {
            before = around(before, i);
            after = around(after, i);
        }
        Schema older = around(before, 20_000);
        Schema newer = around(after, 20_000);
        List<String> changes = new ArrayList<>();

        // When
        Thread thread = new Thread(null, () -> changes.addAll(SchemaChanges.between(older, newer)), "deep", 512 << 10);
        thread.start();
        thread.join();

        // Then
        assertThat(changes).containsExactly("its types within types go too deep to be compared");
    }

    private static Schema around(Schema inner, int number) {
        return Schema.createRecord("t.R" + (number + 1), null, null, false, List.of(new Schema.Field("a", inner)));
    }

    @Test
    void a_removed_field_is_named() {
        assertThat(changes("""
                {"name": "id", "type": "string"}, {"name": "x", "type": "int"}
                """, """
                {"name": "id", "type": "string"}
                """)).containsExactly("field x was removed");
    }

    @Test
    void a_renamed_field_is_told_from_a_removed_one_by_its_alias() {
        assertThat(changes("""
                {"name": "z", "type": "int"}, {"name": "q", "type": "int"}
                """, """
                {"name": "w", "type": "long", "aliases": ["z"]}, {"name": "r", "type": "int"}
                """))
                .containsExactly(
                        "z is now called w (alias)",
                        "type of w: int -> long",
                        "field r was added, required",
                        "field q was removed");
    }

    @Test
    void types_are_said_as_people_say_them() {
        assertThat(changes("""
                {"name": "a", "type": "int"},
                {"name": "b", "type": "long"},
                {"name": "c", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
                {"name": "d", "type": {"type": "array", "items": "int"}},
                {"name": "e", "type": ["null", "string"], "default": null}
                """, """
                {"name": "a", "type": "long"},
                {"name": "b", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                {"name": "c", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}},
                {"name": "d", "type": {"type": "array", "items": "long"}},
                {"name": "e", "type": ["null", "string", "int"], "default": null}
                """))
                .containsExactly(
                        "type of a: int -> long",
                        "type of b: long -> long (timestamp-micros)",
                        "type of c: bytes (decimal 9,2) -> bytes (decimal 12,2)",
                        "type of d: array of int -> array of long",
                        "type of e: string or null -> string or int or null");
    }

    @Test
    void defaults_and_the_values_of_enums_are_changes() {
        assertThat(changes("""
                {"name": "a", "type": "int", "default": 1},
                {"name": "b", "type": "int"},
                {"name": "c", "type": "string", "default": "x"},
                {"name": "d", "type": {"type": "enum", "name": "Kind", "symbols": ["ONE", "TWO"]}}
                """, """
                {"name": "a", "type": "int", "default": 2},
                {"name": "b", "type": "int", "default": 0},
                {"name": "c", "type": "string"},
                {"name": "d", "type": {"type": "enum", "name": "Kind", "symbols": ["TWO", "THREE", "FOUR"]}}
                """))
                .containsExactly(
                        "default of a: 1 -> 2",
                        "b has a default now, 0",
                        "c has no default any more",
                        "values of d were added: THREE, FOUR",
                        "values of d were removed: ONE");
    }

    @Test
    void what_is_inside_is_named_by_its_path() {
        assertThat(changes("""
                {"name": "from", "type": {"type": "record", "name": "Place", "fields": [{"name": "zone", "type": "int"}]}},
                {"name": "stops", "type": ["null", {"type": "array", "items":
                  {"type": "record", "name": "Stop", "fields": [{"name": "at", "type": "int"}]}}], "default": null}
                """, """
                {"name": "from", "type": {"type": "record", "name": "Place", "fields":
                  [{"name": "zone", "type": "int"}, {"name": "street", "type": "string"}]}},
                {"name": "stops", "type": ["null", {"type": "array", "items":
                  {"type": "record", "name": "Stop", "fields": [{"name": "at", "type": "long"}]}}], "default": null}
                """))
                .containsExactly("field from.street was added, required", "type of stops.at: int -> long");
    }

    @Test
    void a_record_that_contains_itself_is_compared_once() {
        assertThat(changes("""
                {"name": "next", "type": ["null", "Word"], "default": null}
                """, """
                {"name": "next", "type": ["null", "Word"], "default": null}, {"name": "n", "type": "int", "default": 0}
                """)).containsExactly("field n was added, never null, default 0");
    }

    @Test
    void documentation_and_order_are_no_changes() {
        assertThat(changes("""
                {"name": "a", "type": "int"}, {"name": "b", "type": ["null", "int"]}
                """, """
                {"name": "b", "type": ["int", "null"], "doc": "another"}, {"name": "a", "type": "int", "doc": "one"}
                """)).isEmpty();
    }

    @Test
    void a_record_may_get_another_name() {
        assertThat(
                        SchemaChanges.between(
                                new Schema.Parser().parse("{\"type\": \"record\", \"name\": \"x.A\", \"fields\": []}"),
                                new Schema.Parser()
                                        .parse(
                                                "{\"type\": \"record\", \"name\": \"x.B\", \"aliases\": [\"x.A\"], \"fields\": []}")))
                .containsExactly("record x.A is now called x.B (alias)");
        assertThat(SchemaChanges.between(Schema.create(Schema.Type.INT), new Schema.Parser().parse("\"string\"")))
                .containsExactly("type of the value: int -> string");
    }

    private static List<String> changes(String before, String after) {
        return SchemaChanges.between(word(before), word(after));
    }

    private static Schema word(String fields) {
        return new Schema.Parser().parse("{\"type\": \"record\", \"name\": \"Word\", \"fields\": [" + fields + "]}");
    }
}
