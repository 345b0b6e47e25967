package dev.leat.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a column may not be called. Whether Postgres agrees, {@code NamesInPostgresTest} asks it. */
class NamesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id",
                "Id",
                "größe",
                "select",
                "oid",
                "_id",
                "__op",
                "_version",
                "a b",
                "a\"b",
                "a.b",
                "order",
                "ééééééééééééééééééééééééééééééé" // 62 bytes
            })
    void a_name_that_a_column_may_have(String name) {
        assertThat(Names.problemOfField(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"xmin", "xmax", "cmin", "cmax", "ctid", "tableoid"})
    void a_column_that_every_table_has(String name) {
        assertThat(Names.problemOfField(name))
                .contains("is the name of a column that every table in Postgres has itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"_partition", "_offset", "_timestamp", "_time", "_deleted", "_matched", "_window"})
    void a_column_of_our_own(String name) {
        assertThat(Names.problemOfField(name)).contains("has the name of a column of Leat's own");
    }

    @Test
    void names_are_measured_in_bytes() {
        assertThat(Names.problemOfField("é".repeat(32)))
                .contains("has 64 bytes, and a name in Postgres has at most 63");
        assertThat(Names.problemOfField("e".repeat(63))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "a\ud800", "\udc00b"})
    void what_no_text_holds_is_no_name(String name) {
        assertThat(Names.problemOfField(name)).contains("has a character that Postgres can't hold");
        assertThat(Names.problem(Names.storable(name))).isEmpty();
    }

    @Test
    void what_a_text_holds_stays_as_it_is() {
        assertThat(Names.storable("a😀b")).isEqualTo("a😀b");
        assertThat(Names.storable("\0\ud800a")).isEqualTo("\\0\ufffda");
        assertThat(Names.problem("")).isEqualTo(Optional.of("is empty"));
    }
}
