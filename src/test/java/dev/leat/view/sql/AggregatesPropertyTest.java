package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.View;
import dev.leat.schema.types.ValueRows;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes in whatever order and batches: the view is what Postgres makes of all events at once. */
class AggregatesPropertyTest {

    private static final int BOUND = 3;
    private static final int EVENTS = 300;
    private static final String SHAPE =
            "id:STRING! g:INT i:INT l:LONG d:DOUBLE n:DECIMAL s:STRING b:BOOLEAN t:TIMESTAMP"
                    + " dt:DATE iv:DURATION u:UUID at:TIMESTAMP!";
    private static final String POSITION = "at, _partition, _offset";
    private static final List<String> ALL = List.of("i", "l", "d", "n", "s", "b", "t", "dt", "iv", "u");
    private static final List<String> NUMBERS = List.of("i", "l", "d", "n");
    private static final List<String> WHOLE = List.of("i", "l");

    // By the result column: what the view asks for, and what Postgres is asked.
    private final Map<String, String> asked = new LinkedHashMap<>();
    private final Map<String, String> oracle = new LinkedHashMap<>();
    private Random random;

    private void add(String call, String expected) {
        String name = "c" + asked.size();
        asked.put(name, call);
        oracle.put(name, expected);
    }

    private void same(String aggregate, List<String> columns) {
        for (String column : columns) {
            String call = aggregate.formatted(column) + (random.nextBoolean() ? " FILTER (WHERE i > -20)" : "");
            add(call, call);
        }
    }

    private void ordered(String column) {
        String condition = random.nextBoolean() ? "i > -20" : "true";
        String filter = condition.equals("true") ? "" : " FILTER (WHERE i > -20)";
        String present = " FILTER (WHERE " + column + " IS NOT NULL AND " + condition + ")";
        add(
                "first(" + column + ")" + filter,
                "(array_agg(" + column + " ORDER BY " + POSITION + ")" + present + ")[1]");
        add(
                "last(" + column + ")" + filter,
                "(array_agg(" + column + " ORDER BY at DESC, _partition DESC, _offset DESC)" + present + ")[1]");
        add(
                "array_agg(" + column + ")" + filter,
                "(array_agg(" + column + " ORDER BY " + POSITION + ")" + filter + ")[1:" + BOUND + "]");
        add(
                "(array_agg(" + column + " ORDER BY b DESC NULLS LAST, l)" + filter + ")[1:2]",
                "(array_agg(" + column + " ORDER BY b DESC NULLS LAST, l, " + POSITION + ")" + filter + ")[1:2]");
        add(
                "string_agg(" + column + "::text, '-' ORDER BY l DESC)" + filter,
                "array_to_string((array_agg(" + column + "::text ORDER BY l DESC, " + POSITION + ")" + present + ")[1:"
                        + BOUND + "], '-')");
        add(
                "jsonb_agg(" + column + ")" + filter,
                "to_jsonb((array_agg(to_jsonb(" + column + ") ORDER BY " + POSITION + ")" + filter + ")[1:" + BOUND
                        + "])");
    }

    private void addMergeable() {
        add("count(*)", "count(*)");
        same("count(%s)", ALL);
        same("min(%s)", List.of("i", "l", "d", "n", "s", "t", "dt", "iv"));
        same("max(%s)", List.of("i", "l", "d", "n", "s", "t", "dt", "iv"));
        same("sum(%s)", List.of("i", "l", "d", "n", "iv"));
        same("avg(%s)", List.of("i", "l", "d", "n", "iv"));
        List.of("bool_and(%s)", "bool_or(%s)", "every(%s)").forEach(a -> same(a, List.of("b")));
        List.of("bit_and(%s)", "bit_or(%s)", "bit_xor(%s)").forEach(a -> same(a, WHOLE));
        List.of("var_pop(%s)", "var_samp(%s)", "variance(%s)", "stddev_pop(%s)", "stddev_samp(%s)", "stddev(%s)")
                .forEach(a -> same(a, NUMBERS));
        ALL.forEach(this::ordered);
    }

    private String select(Map<String, String> items, String from) {
        return "SELECT g, "
                + items.entrySet().stream()
                        .map(e -> e.getValue() + " AS " + e.getKey())
                        .collect(Collectors.joining(", "))
                + " FROM " + from + " GROUP BY g";
    }

    private SqlFixture views(ViewsFixture database) {
        String yaml = """
                streams:
                  rides: {topic: t.rides, event-time: at}
                views:
                  log: {log: rides}
                  v:
                    bound: %d
                    sql: "%s"
                """.formatted(BOUND, select(asked, "rides"));
        return new SqlFixture(database, yaml, Map.of("rides", SHAPE));
    }

    private Object[] event(int number) {
        Object[] values = {
            "e" + number,
            (long) random.nextInt(3),
            random.nextInt(100) - 50L,
            random.nextLong(2_000_000_000_000L) - 1_000_000_000_000L,
            random.nextGaussian() * 1000,
            BigDecimal.valueOf(random.nextLong(10_000_000), random.nextInt(5)),
            "text " + random.nextInt(40),
            random.nextBoolean(),
            random.nextLong(1_700_000_000_000_000L),
            (long) random.nextInt(20_000),
            "P" + random.nextInt(100) + "D",
            new UUID(1, random.nextInt(40)),
            (long) random.nextInt(50)
        };
        for (int i = 1; i < values.length - 1; i++) {
            values[i] = random.nextInt(6) == 0 ? null : values[i];
        }
        return values;
    }

    private void feed(SqlFixture views) {
        for (int i = 0; i < EVENTS; i++) {
            views.event("rides", random.nextInt(2), event(i));
            if (random.nextInt(20) == 0) {
                views.flush();
            }
            if (random.nextInt(150) == 0) {
                views.flush();
                views.restart();
            }
        }
        views.flush();
    }

    /** As text, for the client reads some types in their own way; floating point may differ in its last digits. */
    private void assertSame(SqlFixture views, String with, String actual, String expected) {
        String texts = "g, " + asked.keySet().stream().map(c -> c + "::text").collect(Collectors.joining(", "));
        String types = asked.keySet().stream()
                .map(c -> "pg_typeof(" + c + ")::text")
                .collect(Collectors.joining(", ", "SELECT 0, ", " FROM (" + expected + ") AS o LIMIT 1"));
        List<Object> typed = views.rows(types).getFirst();
        List<List<Object>> is = views.rows(with + " SELECT " + texts + " FROM (" + actual + ") AS v ORDER BY g");
        List<List<Object>> ought = views.rows("SELECT " + texts + " FROM (" + expected + ") AS o ORDER BY g");
        assertThat(is).hasSameSizeAs(ought).hasSize(4);
        List<String> names = new ArrayList<>(asked.keySet());
        for (int row = 0; row < is.size(); row++) {
            for (int i = 1; i < typed.size(); i++) {
                String call =
                        asked.get(names.get(i - 1)) + " of group " + is.get(row).getFirst();
                Object value = is.get(row).get(i);
                Object wanted = ought.get(row).get(i);
                if (typed.get(i).equals("double precision") && value != null && wanted != null) {
                    double exact = Double.parseDouble((String) wanted);
                    assertThat(Double.parseDouble((String) value))
                            .as(call)
                            .isCloseTo(exact, org.assertj.core.data.Offset.offset(Math.abs(exact) * 1e-9));
                } else {
                    assertThat(value).as(call).isEqualTo(wanted);
                }
            }
        }
    }

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void a_view_is_what_postgres_makes_of_all_events_at_once(long seed) {
        // Given
        random = new Random(seed);
        addMergeable();
        same("count(DISTINCT %s)", ALL);
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = views(database);

            // When
            feed(views);

            // Then
            assertSame(views, "", "SELECT * FROM views.v", select(oracle, "views.log"));
        }
    }

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void states_of_one_group_make_one_state(long seed) {
        // Given
        random = new Random(seed);
        addMergeable();
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = views(database);
            feed(views);
            Groups groups = database.inTransaction(
                    tx -> groups(tx, (View.Sql) views.pipeline().views().get("v")));

            // When
            List<String> combined = new ArrayList<>();
            for (int rule = 0; rule < groups.rules().size(); rule++) {
                var names = groups.parts(rule, "");
                List<MergeRule.Part> parts = groups.rules().get(rule).parts();
                for (int i = 0; i < parts.size(); i++) {
                    combined.add(parts.get(i).combine().apply(names) + " AS " + names.apply(i));
                }
            }
            String with = "WITH rides AS (SELECT *, at AS _time FROM views.log), parts AS (SELECT " + groups.partials()
                    + " FROM rides GROUP BY g, _offset % 7), wholes AS (SELECT g, " + String.join(", ", combined)
                    + " FROM parts GROUP BY g)";
            String actual = "SELECT "
                    + groups.visible().entrySet().stream()
                            .map(e -> e.getValue() + " AS " + e.getKey())
                            .collect(Collectors.joining(", "))
                    + " FROM wholes";

            // Then
            assertSame(views, with, actual, select(oracle, "views.log"));
        }
    }

    private static Groups groups(dev.leat.postgres.Tx tx, View.Sql view) {
        Map<String, Relation> relations = Map.of("rides", Relation.ofStream("rides", ValueRows.shape(SHAPE)));
        try (DryRun dryRun = new DryRun(tx, "views", relations.values())) {
            SelectText text = SelectText.parse(view.sql());
            FromClause fromClause = new FromClause(text, relations);
            ValidatedSelect validated = new ValidatedSelect(
                    view,
                    text,
                    fromClause,
                    fromClause.qualified("views", relations),
                    dryRun.resolve(view.sql()),
                    dryRun);
            return GroupsCompiler.compile(validated).orElseThrow();
        }
    }
}
