package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.schema.types.ValueRows;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.sql.resolve.Resolution;
import dev.leat.view.sql.resolve.ResolvedFunction;
import dev.leat.view.sql.resolve.ResolvedFunction.Kind;
import dev.leat.view.sql.resolve.Resolver;
import dev.leat.view.sql.resolve.StandIns;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What Leat generates is made a view too, and compared with the user's SELECT: no function and no column gets lost on the way.
 */
class GeneratedStatementsTest {

    private static final String STREAMS = """
            streams:
              ev: {topic: t.ev, key: id, event-time: at}
              odd: {topic: t.odd, key: id, event-time: at}
            views:
              ev_history: {history: ev}
            """;
    private static final Map<String, String> COLUMNS = Map.of(
            "ev", "id:STRING! k:STRING s:STRING n:INT at:TIMESTAMP! tags:JSON",
            "odd", "id:STRING! value:INT at:TIMESTAMP!");

    /** What comes before the rows that are merged, and the SELECT of these rows. */
    private static final Pattern MERGING =
            Pattern.compile("(.*)\\nINSERT INTO [^\\n]*\\n(SELECT.*?)(\\nON CONFLICT.*)?", Pattern.DOTALL);

    /** What saves late events on the way. */
    private static final Pattern LATE = Pattern.compile(",\\n_late AS \\(.*?ON CONFLICT DO NOTHING\\)", Pattern.DOTALL);

    /** Leat's own, which stand for something else in what runs. */
    private static final Set<String> WRITTEN_OUT = Set.of("tumble", "hop", "session", "as_of");

    private ViewsFixture database;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
    }

    @AfterEach
    void end() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '~', textBlock = """
                         ¦ SELECT id, upper(trim(both from s)) AS t, n + 1 AS m FROM ev WHERE k LIKE 'a%'
            append: true ¦ SELECT id, to_jsonb(ev) AS j, substring(s FROM n) AS t FROM ev
            append: true ¦ SELECT e.id, x ->> 'a' AS x FROM ev e CROSS JOIN jsonb_array_elements(e.tags) AS x WHERE abs(n) > 1
            key: [t]     ¦ SELECT reverse(s) AS t, n FROM ev
                         ¦ SELECT lower(k) AS g, sum(abs(n)) AS a, min(s COLLATE "en-x-icu") AS m, round(avg(n), 2) AS r FROM ev WHERE length(s) > 1 GROUP BY lower(k) HAVING max(reverse(s)) > 'a'
                         ¦ SELECT count(*) FILTER (WHERE starts_with(s, 'a')) AS a, (array_agg(upper(s) ORDER BY lower(k)))[1:3] AS f FROM ev
                         ¦ SELECT tumble('1 hour', at) AS w, initcap(k) AS g, sum(n % 3) AS t FROM ev GROUP BY w, g
                         ¦ SELECT session('1 hour', at) AS w, k, max(md5(s)) AS t FROM ev GROUP BY w, k
            append: true ¦ SELECT e.id, upper(s) AS t, o.value * e.n AS p FROM ev e JOIN odd o ON o.id = ltrim(e.id) AND o.at BETWEEN e.at AND e.at + interval '5 minutes'
                         ¦ SELECT rtrim(k) AS k, sum(o.value / 2) AS p FROM ev e JOIN odd o ON o.id = e.id AND o.at BETWEEN e.at AND e.at + interval '5 minutes' GROUP BY rtrim(k)
            append: true ¦ SELECT o.id, left(h.s, 3) AS t FROM odd o JOIN ev_history h ON h.id = o.id AND as_of(h, o.at)
            """)
    void what_is_generated_calls_what_the_user_calls(String options, String select) {
        // Given
        SqlFixture views = new SqlFixture(
                database,
                STREAMS + "  v:\n" + (options == null ? "" : "    " + options + "\n") + "    sql: |\n      "
                        + select.strip() + "\n",
                COLUMNS);
        Resolution user = resolving(resolver -> resolver.resolve(select));

        // When
        List<String> statements = views.explain("v").statements();
        Set<String> called = new HashSet<>();
        statements.forEach(statement -> called.addAll(functions(merged(statement))));
        String visible = (String) views.rows("SELECT pg_get_viewdef('views.v'::regclass)")
                .getFirst()
                .getFirst();
        called.addAll(functions(resolving(resolver -> resolver.resolve(visible.replace(";", "")))));
        // What is computed of aggregates is in functions, whose bodies Postgres has stored as trees too.
        views.rows("""
                        SELECT p.proname || '(' || oidvectortypes(p.proargtypes) || ')' FROM pg_proc g
                        CROSS JOIN LATERAL regexp_matches(g.prosqlbody::text, ':(?:funcid|opfuncid) (\\d+)', 'g') AS found
                        JOIN pg_proc p ON p.oid = found[1]::oid WHERE g.pronamespace = 'views_state'::regnamespace""").forEach(row -> called.add((String) row.getFirst()));

        // Then
        assertThat(functions(user).stream()
                        .filter(f -> WRITTEN_OUT.stream().noneMatch(own -> f.startsWith(own + "(")))
                        .filter(f -> !called.contains(f)))
                .as("what %s lack", statements)
                .isEmpty();
        user.relations().stream()
                .filter(relation -> COLUMNS.containsKey(relation.name()))
                .flatMap(relation -> relation.columns().stream())
                .forEach(column -> assertThat(String.join("\n", statements)).contains("\"" + column + "\""));
    }

    private static Set<String> functions(Resolution resolution) {
        return resolution.functions().stream()
                .filter(f -> f.kind() == Kind.FUNCTION)
                .map(ResolvedFunction::signature)
                .collect(Collectors.toSet());
    }

    /** The rows that a statement merges, as a SELECT without parameters; others have none of the user's functions. */
    private Resolution merged(String statement) {
        String merges = LATE.matcher(statement).replaceAll("");
        int sessions = merges.indexOf(",\n_brought AS ");
        Matcher merging = MERGING.matcher(merges);
        String select = sessions > 0
                ? merges.substring(0, sessions) + "\nSELECT * FROM _partial"
                : merging.matches() ? merging.group(1) + "\n" + merging.group(2) : "SELECT 1 AS nothing";
        return resolving(resolver -> resolver.resolve(select.replaceAll("\\$\\d+", "NULL")));
    }

    private <T> T resolving(Function<Resolver, T> work) {
        return database.inTransaction(tx -> {
            tx.execute("SAVEPOINT test");
            COLUMNS.forEach((name, shape) ->
                    StandIns.create(tx, name, ValueRows.shape(shape).columns()));
            StandIns.lookUpFirst(tx, "views");
            try {
                return work.apply(new Resolver(tx));
            } finally {
                tx.undoTo("test");
            }
        });
    }
}
