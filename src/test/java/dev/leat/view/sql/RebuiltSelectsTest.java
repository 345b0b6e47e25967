package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Seeds;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A SELECT is changed while its lanes flow, batches are cut anywhere and some of what is done is rolled back: what the view
 * has in the end is what the new SELECT makes of the whole log, in another database, once.
 */
class RebuiltSelectsTest {

    private static final String STREAMS = """
            streams:
              rides: {topic: t.rides, key: id, event-time: at}
              payments: {topic: t.payments, key: payment, event-time: paid_at}
              zones: {topic: t.zones, key: zone}
            views:
              zones_latest: {latest: zones}
              changed:
                %s
                sql: |
                  %s
            """;
    private static final Map<String, String> COLUMNS = Map.of(
            "rides", "id:STRING! vendor:LONG zone:INT total:LONG at:TIMESTAMP!",
            "payments", "payment:STRING! id:STRING amount:LONG paid_at:TIMESTAMP!",
            "zones", "zone:INT! name:STRING");
    private static final long MINUTE = 60_000_000L;

    private final long seed = Seeds.first();
    private final Random random = new Random(seed);
    private ViewsFixture database;
    private ViewsFixture oracle;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
        oracle = new ViewsFixture();
        // What is done while there is a row in it can't be committed.
        database.run("""
                CREATE TABLE public.crash (n integer);
                CREATE FUNCTION public.crash() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN IF EXISTS (SELECT FROM public.crash) THEN RAISE 'crashed'; END IF; RETURN NULL; END $$;
                CREATE CONSTRAINT TRIGGER crash AFTER UPDATE OR DELETE ON leat.view_lane
                    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.crash();
                CREATE CONSTRAINT TRIGGER crash AFTER UPDATE ON leat.checkpoint
                    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.crash();
                """);
    }

    @AfterEach
    void end() {
        database.close();
        oracle.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        by key        | SELECT id, total FROM rides WHERE total > 20          | SELECT id, total * 2 AS twice, vendor FROM rides WHERE total > 10
        appended      | SELECT id FROM rides WHERE total > 90                 | append: true; SELECT id, total FROM rides WHERE total > 50
        own key       | SELECT id FROM rides                                  | key: [loud]; SELECT upper(id) AS loud, total FROM rides
        groups        | SELECT vendor, count(*) AS n FROM rides GROUP BY 1    | SELECT vendor, sum(total) AS total, count(DISTINCT zone) AS zones FROM rides WHERE total > 5 GROUP BY 1
        all in one    | SELECT count(*) AS n FROM rides                       | SELECT max(total) AS most, min(total) AS least FROM rides
        with a view   | SELECT id FROM rides                                  | SELECT z.name, count(*) AS n FROM rides r LEFT JOIN zones_latest z ON z.zone = r.zone GROUP BY 1
        windows       | SELECT vendor, tumble('10 minutes', at) AS t, count(*) AS n FROM rides GROUP BY 1, 2 | SELECT vendor, hop('10 minutes', '5 minutes', at) AS t, sum(total) AS n FROM rides GROUP BY 1, 2
        sessions      | SELECT vendor, tumble('10 minutes', at) AS t, count(*) AS n FROM rides GROUP BY 1, 2 | SELECT vendor, session('3 minutes', at) AS t, sum(total) AS n FROM rides GROUP BY 1, 2
        joined        | SELECT vendor, count(*) AS n FROM rides GROUP BY 1    | append: true; SELECT r.id, p.payment, p.amount FROM rides r JOIN payments p ON p.id = r.id AND p.paid_at BETWEEN r.at AND r.at + interval '20 minutes'
        left joined   | append: true; SELECT r.id, p.payment FROM rides r JOIN payments p ON p.id = r.id AND p.paid_at BETWEEN r.at AND r.at + interval '5 minutes' | append: true; SELECT r.id, p.payment FROM rides r LEFT JOIN payments p ON p.id = r.id AND p.paid_at BETWEEN r.at AND r.at + interval '20 minutes'
        """)
    void what_is_made_anew_is_what_the_select_makes_of_the_whole_log(String name, String before, String after) {
        System.err.println(name + " -Dleat.seed=" + seed);
        // Given
        SqlFixture old = new SqlFixture(database, yaml(before), COLUMNS);
        for (int zone = 0; zone < 4; zone++) {
            old.event("zones", 0, zone, "zone " + zone);
        }
        old.flush();
        for (int batch = 0; batch < 20; batch++) {
            write(old);
        }
        old.clock(30).closeViews();

        // When
        SqlFixture young = old.another(yaml(after));
        young.begin("changed");
        int rounds = 0;
        boolean over = false;
        while (!over) {
            // Behind that, what the old view was closed through would be late for the new one.
            if (rounds++ < 25 && !young.rows("SELECT FROM leat.view_lane").isEmpty()) {
                write(random.nextBoolean() ? old : young);
            }
            over = attempt(() -> young.step("changed", random));
            assertThat(rounds).describedAs("seed " + seed).isLessThan(500);
        }

        // Then
        SqlFixture expected = new SqlFixture(oracle, yaml(after), COLUMNS);
        young.replay(expected, random);
        for (SqlFixture views : List.of(old, young, expected)) {
            views.clock(10_000).complete().clock(20_000).complete().closeViews();
        }
        young.closeViews();
        String rows = "SELECT c::text FROM views.changed AS c ORDER BY 1";
        assertThat(young.rows(rows)).describedAs("seed " + seed).isNotEmpty().isEqualTo(expected.rows(rows));
        assertThat(young.rows("SELECT relname FROM pg_class WHERE relname LIKE '%@%' AND relkind IN ('r', 'v')"))
                .isEmpty();
        assertThat(young.rows("SELECT view FROM leat.view_lane")).isEmpty();
        assertThat(young.rows("SELECT view FROM leat.late_event")).isEmpty();
    }

    private static String yaml(String declared) {
        int end = declared.indexOf(';');
        String options = end < 0 ? "" : declared.substring(0, end);
        return STREAMS.formatted(options, declared.substring(end + 1).strip());
    }

    /** Some events, one batch a lane. */
    private void write(SqlFixture views) {
        for (int i = 1 + random.nextInt(12); i > 0; i--) {
            String id = "r" + random.nextInt(25);
            if (random.nextInt(3) > 0) {
                int partition = id.hashCode() & 1;
                views.event(
                        "rides",
                        partition,
                        id,
                        (long) random.nextInt(3),
                        random.nextInt(5),
                        (long) random.nextInt(100),
                        random.nextInt(60) * MINUTE);
            } else {
                views.event(
                        "payments",
                        0,
                        "p" + random.nextInt(1_000_000),
                        id,
                        (long) random.nextInt(100),
                        random.nextInt(60) * MINUTE);
            }
        }
        attempt(() -> !views.flush().isEmpty());
    }

    /** Now and then what is done is lost at its end, and done again. */
    private boolean attempt(BooleanSupplier step) {
        if (random.nextInt(4) == 0) {
            database.run("INSERT INTO public.crash VALUES (1)");
            try {
                step.getAsBoolean();
            } catch (RuntimeException lost) {
                assertThat(lost).describedAs("seed " + seed).hasMessageContaining("crashed");
            } finally {
                database.run("DELETE FROM public.crash");
            }
        }
        return step.getAsBoolean();
    }
}
