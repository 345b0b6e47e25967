package dev.leat.pipeline.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.sql.Query.Call;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SubLink;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryParserTest {

    private static Select select(String text) {
        return (Select) QueryParser.parse(text);
    }

    private static String of(String text, Span span) {
        return text.substring(span.begin(), span.end());
    }

    private static String of(String text, Optional<Span> span) {
        return span.map(s -> of(text, s)).orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a = 1 AND b = 2 AND c = 3 | a = 1;b = 2;c = 3",
                "a BETWEEN 1 AND 2 AND b NOT BETWEEN 3 AND 4 | a BETWEEN 1 AND 2;b NOT BETWEEN 3 AND 4",
                "a = 1 AND b = 2 OR c = 3 | a = 1 AND b = 2 OR c = 3",
                "(a = 1 OR b = 2) AND c = 3 | (a = 1 OR b = 2);c = 3",
                "CASE WHEN a = 1 AND b = 2 OR c THEN true END AND d | CASE WHEN a = 1 AND b = 2 OR c THEN true END;d",
                "q.and = 1 AND \"or\" = 'a AND b' | q.and = 1;\"or\" = 'a AND b'",
                "EXISTS (SELECT FROM b WHERE x AND y) AND NOT z | EXISTS (SELECT FROM b WHERE x AND y);NOT z"
            })
    void conditions_are_those_that_and_joins(String where, String expected) {
        // Given
        String text = "SELECT a FROM t WHERE " + where + " ORDER BY a LIMIT 1";

        // When
        List<Span> conjuncts = select(text).conjuncts();

        // Then
        assertThat(conjuncts.stream().map(span -> of(text, span))).containsExactly(expected.split(";"));
    }

    @Test
    void calls_have_their_arguments_and_filters() {
        // Given
        String text = "SELECT count(*), pg_catalog.sum(lower(a), b) FILTER (WHERE c > 1) + 1, now(),"
                + " mode() WITHIN GROUP (ORDER BY n), rank() OVER (ORDER BY n) FROM t";

        // When
        List<Call> calls = select(text).called();

        // Then
        assertThat(calls.stream()
                        .map(call -> call.name() + ": " + of(text, call.place()) + ": " + of(text, call.arguments())
                                + ": " + of(text, call.filter()) + ": " + call.isWithinGroup()))
                .containsExactly(
                        "count: count(*): *: : false",
                        "sum: pg_catalog.sum(lower(a), b) FILTER (WHERE c > 1): lower(a), b: c > 1: false",
                        "lower: lower(a): a: : false",
                        "now: now(): : : false",
                        "mode: mode() WITHIN GROUP (ORDER BY n): : : true");
    }

    @Test
    void what_orders_has_its_directions() {
        // Given
        String text = "SELECT a FROM t ORDER BY lower(a) DESC NULLS LAST, 2, b USING < FETCH FIRST 3 ROWS WITH TIES";

        // When
        Query.Tail tail = select(text).tail();

        // Then
        assertThat(tail.orders().stream().map(o -> of(text, o.expression()) + ": " + of(text, o.direction())))
                .containsExactly("lower(a): DESC NULLS LAST", "2: ", "b: USING <");
        assertThat(of(text, tail.limit())).isEqualTo("FETCH FIRST 3 ROWS WITH TIES");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "k IN (SELECT k FROM b) | k | false",
                "a AND q.k NOT IN (SELECT k FROM b) | q.k | true",
                "(k, g) IN (SELECT k, g FROM b) | (k, g) | false",
                "NOT (k IN (SELECT k FROM b)) | '' | false",
                "k + 1 IN (SELECT k FROM b) | '' | false",
                "EXISTS (SELECT FROM b) | '' | false"
            })
    void what_stands_before_in_is_found_where_it_is_simple(String where, String tested, boolean isNegated) {
        // Given
        String text = "SELECT a FROM t WHERE " + where;

        // When
        SubLink link = select(text).links().getFirst();

        // Then
        assertThat(of(text, link.tested())).isEqualTo(tested);
        assertThat(link.isNegated()).isEqualTo(isNegated);
    }
}
