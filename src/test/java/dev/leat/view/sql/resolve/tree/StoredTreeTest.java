package dev.leat.view.sql.resolve.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trees of the same view, as each major version of Postgres that Leat supports has stored them. Recorded from these servers;
 * the OIDs of built-in functions and types are the same in all of them.
 *
 * <pre>
 *   CREATE TEMP TABLE ev (id text, k text, at timestamptz, n int, tags jsonb);
 *   CREATE TEMP TABLE "Odd {name}" ("a)b\" text, x int);
 *   CREATE TEMP VIEW v AS
 *   SELECT lower(ev.k) AS k, count(*) FILTER (WHERE ev.n > 1) AS "a ""count""",
 *          (SELECT max(n) FROM ev e2 WHERE e2.k &lt;> E'a"b\\' AND e2.n = ev.n) m, 'x {y}'::text AS lit,
 *          ev.n::text::timestamptz z, to_jsonb(o) AS j, (e3).tags, extract(hour FROM e3.at) AS h, ARRAY[1,2] AS arr
 *   FROM ev LEFT JOIN "Odd {name}" o ON o.x = ev.n JOIN ev e3 USING (id)
 *   GROUP BY ev.k, id, ev.n, 4, o.*, e3.*, e3.at, e3.tags
 *   HAVING min(id COLLATE "C") &lt; 'z' AND localtime IS NOT NULL
 * </pre>
 */
class StoredTreeTest {

    private static PgNode read(int version) throws IOException {
        try (InputStream tree = StoredTreeTest.class.getResourceAsStream("/trees/postgres-" + version + ".txt")) {
            return PgNodeReader.read(new String(tree.readAllBytes(), StandardCharsets.UTF_8))
                    .getFirst();
        }
    }

    /** The OID of the view itself, which trees to Postgres 15 begin with. */
    private static long view(PgNode query) {
        PgNode first = query.nodes("rtable").getFirst();
        return first.text("relkind").filter("v"::equals).isPresent() ? first.number("relid") : -1;
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17, 18})
    void trees_of_all_versions_tell_the_same(int version) throws IOException {
        // Given
        PgNode query = read(version);

        // When
        StoredTree tree = new StoredTree(query, view(query));

        // Then
        assertThat(tree.places())
                .extracting(
                        StoredTree.Place::alias,
                        StoredTree.Place::columns,
                        StoredTree.Place::isWhole,
                        StoredTree.Place::depth)
                .containsExactly(
                        Tuple.tuple("ev", List.of(1, 2, 4), false, 0),
                        Tuple.tuple("o", List.of(0, 2), true, 0),
                        Tuple.tuple("e3", List.of(0, 1, 3, 5), true, 0),
                        Tuple.tuple("e2", List.of(2, 4), false, 1));
        assertThat(tree.functions()).contains(870L, 2803L, 2116L, 157L, 2145L, 6203L, 3787L);
        assertThat(tree.casts()).containsExactly(new StoredTree.Cast(25, 1184, 0), new StoredTree.Cast(23, 25, 0));
        assertThat(tree.values()).containsExactly(SqlValue.LOCALTIME);
        assertThat(tree.collations()).contains(950L);
        assertThat(query.nodes("targetList").get(1).text("resname")).contains("a \"count\"");
        assertThat(query.nodes("rtable").stream()
                        .map(e -> e.node("eref").orElseThrow().fields().get("colnames")))
                .contains(List.of("a)b\\", "x"));
        assertThat(query.nodes("groupClause")).hasSizeGreaterThanOrEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17, 18})
    void a_group_is_the_expression_and_not_a_reference_to_it(int version) throws IOException {
        // Given
        PgNode query = read(version);

        // When
        PgNode lower = new Expressions(query)
                .plain(query.nodes("targetList").getFirst().node("expr").orElseThrow());

        // Then
        PgNode column = lower.nodes("args").getFirst();
        PgNode entry = query.nodes("rtable").get((int) column.number("varno") - 1);
        assertThat(entry.node("eref").orElseThrow().text("aliasname")).contains("ev");
        assertThat(column.number("varattno")).isEqualTo(2);
    }
}
